package dev.stave.spec.bench.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Medians, spreads and ratios, in Markdown that can be read as it is. */
final class Report {

  private static final double MEGABYTE = 1e6;

  private final Settings settings;
  private final List<String> machine;
  private final Results results;
  private final Contender first;
  private final List<Contender> others;

  Report(Settings settings, List<String> machine, Results results) {
    this.settings = settings;
    this.machine = machine;
    this.results = results;
    this.first = settings.contenders().get(0);
    this.others = settings.contenders().subList(1, settings.contenders().size());
  }

  /** A line of a table: which figure, and how many times RocksDB's it is to be. */
  private record Line(String title, String figure, String target) {}

  private static final List<Line> RATES =
      List.of(
          new Line("bulk, documents", "bulk", "≥ 2"),
          new Line("small random rows, 32 a commit", "small", "≥ 1.3"),
          new Line("get a body", "getBody", "≥ 1"),
          new Line("get a small row", "getSmall", "≥ 1"),
          new Line("the same, a snapshot for each", "getLatest", "≥ 1"),
          new Line("scan all bodies, rows", "scan", "≥ 2"),
          new Line("ranges of 100 bodies, rows", "range", "≥ 2"),
          new Line("updates, documents", "update", "≥ 1.5"));

  private static final List<Line> COMMITS =
      List.of(
          new Line("one row, one thread", "single", ""),
          new Line("one document, one thread", "writers1", ""),
          new Line("one document, " + Settings.WRITERS + " threads", writers(), ""));

  private static final List<Line> BYTES =
      List.of(
          new Line("on disk after bulk", "bulk" + Measurements.DISK, ""),
          new Line("on disk after bulk and updates", "update" + Measurements.DISK, "≤ 1.15"),
          new Line("written by bulk", "bulk" + Measurements.WRITTEN, ""),
          new Line("written by bulk and updates", Results.ALL_WRITTEN, "≤ 1"),
          new Line("written by small random rows", "small" + Measurements.WRITTEN, "≤ 1"));

  private static final List<Line> STALLS =
      List.of(
          new Line("bulk, 1,000 documents", "bulk" + Measurements.STALL, ""),
          new Line("small random rows, 32", "small" + Measurements.STALL, ""),
          new Line("updates, 100 documents", "update" + Measurements.STALL, ""));

  private static String writers() {
    return "writers" + Settings.WRITERS;
  }

  @Override
  public String toString() {
    return "# Stave's storage beside RocksDB\n\n"
        + machine.stream().map(fact -> "- " + fact + "\n").collect(Collectors.joining())
        + String.format(
            Locale.ROOT,
            "- %,d documents, %,d updates, %,d small rows, %d rounds; median (min..max)%n",
            settings.documents(),
            settings.updates(),
            settings.smallRows(),
            settings.rounds())
        + section("Operations per CPU second of the whole process", RATES, Measurements.CPU, 1)
        + section("Operations per second by the clock", RATES, Measurements.WALL, 1)
        + section("Durable commits per second by the clock", COMMITS, Measurements.WALL, 1)
        + section("Durable commits per CPU second", COMMITS, Measurements.CPU, 1)
        + disk()
        + section("Megabytes", BYTES, "", MEGABYTE)
        + section("Longest commit of a run, milliseconds", STALLS, "", 1);
  }

  private String section(String title, List<Line> lines, String suffix, double unit) {
    List<String> heads = new ArrayList<>(List.of(""));
    settings.contenders().forEach(contender -> heads.add(contender.title()));
    others.forEach(other -> heads.add(first.title() + " ÷ " + other.title()));
    heads.add("target");
    Table table = new Table(heads);
    for (Line line : lines) {
      String figure = line.figure() + suffix;
      if (results.samples(first, figure).isEmpty()) {
        continue; // nobody asked for this workload
      }
      List<String> cells = new ArrayList<>(List.of(line.title()));
      settings.contenders().forEach(who -> cells.add(spread(results.samples(who, figure), unit)));
      others.forEach(other -> cells.add(ratio(figure, first, figure, other)));
      cells.add(line.target());
      table.row(cells);
    }
    return table.isEmpty() ? "" : "\n## " + title + "\n\n" + table;
  }

  /** What single commits make of the bare disk, and many writers of one another. */
  private String disk() {
    if (results.samples(first, "single.share").isEmpty()) {
      return "";
    }
    Table table =
        new Table(List.of("", "bare fdatasync/s", "median µs", "one row ÷ bare", "64 ÷ 1 thread"));
    for (Contender who : settings.contenders()) {
      table.row(
          List.of(
              who.title(),
              spread(results.samples(who, "disk" + Measurements.WALL), 1),
              spread(results.samples(who, "disk.medianMicros"), 1),
              spread(results.samples(who, "single.share"), 1),
              ratio(writers() + Measurements.WALL, who, "writers1" + Measurements.WALL, who)));
    }
    table.row(List.of("target", "", "", "≥ 0.9", "≥ 8"));
    return "\n## Durable commits and the disk\n\n" + table;
  }

  private static String spread(Samples samples, double unit) {
    if (samples.isEmpty()) {
      return "–";
    }
    String median = number(samples.median() / unit);
    return samples.values().size() == 1
        ? median
        : median + " (" + number(samples.min() / unit) + ".." + number(samples.max() / unit) + ")";
  }

  private String ratio(String figure, Contender one, String otherFigure, Contender other) {
    Samples above = results.samples(one, figure);
    Samples below = results.samples(other, otherFigure);
    return above.isEmpty() || below.isEmpty()
        ? "–"
        : String.format(Locale.ROOT, "%.2f", above.median() / below.median());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }
}
