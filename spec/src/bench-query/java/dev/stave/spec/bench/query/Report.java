package dev.stave.spec.bench.query;

import dev.stave.spec.bench.query.Question.Kind;
import dev.stave.spec.bench.storage.Samples;
import dev.stave.spec.bench.storage.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Medians, spreads, ratios and targets, in Markdown that can be read as it is. */
final class Report {

  /** Behind the name of a question: it was answered wrongly, and not measured. */
  static final String WRONG = ".wrong";

  private static final Set<Contender> OWN =
      Set.of(Contender.STAVE, Contender.NO_INDEX, Contender.STORAGE);

  private static final double MEGABYTE = 1e6;

  private final Settings settings;
  private final List<String> machine;
  private final List<Map<Contender, Map<String, Double>>> rounds;
  private final List<Contender> peers;

  Report(
      Settings settings, List<String> machine, List<Map<Contender, Map<String, Double>>> rounds) {
    this.settings = settings;
    this.machine = machine;
    this.rounds = rounds;
    this.peers =
        settings.contenders().stream().filter(c -> !OWN.contains(c)).collect(Collectors.toList());
  }

  /**
   * A bound of one ratio.
   *
   * @param against null: the best of all peers
   * @param theirs the figure of theirs, where it is another than Stave's
   */
  private record Target(double least, @Nullable Contender against, String theirs) {}

  /** A line of the table: operations per CPU second, and the ratios that are wanted. */
  private record Line(String title, String figure, List<Target> targets) {}

  private static Line line(String title, String figure, Target... targets) {
    return new Line(title, figure, List.of(targets));
  }

  private static Line question(Kind kind, Target... targets) {
    return line(kind.title() + ": " + kind.says(), kind.name(), targets);
  }

  private static Target best(Kind kind) {
    return new Target(1.5, null, kind.name());
  }

  private static final List<Line> RATES =
      List.of(
          line(
              "bulk insert, documents",
              "bulk",
              new Target(3, Contender.POSTGRESQL, "bulk"),
              new Target(3, Contender.POSTGRESQL_PATHS, "bulk"),
              new Target(2, Contender.ARCADEDB, "bulk"),
              new Target(0.5, Contender.NO_INDEX, "bulk")),
          line("get by id", "get", new Target(1.3, Contender.SQLITE, "get")),
          question(Kind.EQUAL, new Target(1.5, Contender.SQLITE, Kind.EQUAL.name())),
          question(Kind.UNDECLARED, new Target(1.5, Contender.SQLITE, Kind.EQUAL.name())),
          question(Kind.RANGE_LIMIT, best(Kind.RANGE_LIMIT)),
          question(Kind.RANGE_SORT, best(Kind.RANGE_SORT)),
          question(Kind.TOP_OF, best(Kind.TOP_OF)),
          question(Kind.TWO, best(Kind.TWO)),
          question(Kind.PAGE, best(Kind.PAGE)),
          question(Kind.MEMBER, best(Kind.MEMBER)),
          line(
              "update one field, documents",
              "update",
              new Target(1.5, Contender.ROCKSDB, "update")));

  private Samples samples(Contender contender, String figure) {
    return new Samples(
        rounds.stream()
            .map(round -> round.getOrDefault(contender, Map.of()).get(figure))
            .filter(value -> value != null)
            .collect(Collectors.toList()));
  }

  @Override
  public String toString() {
    return machine.stream().map(fact -> "- " + fact + "\n").collect(Collectors.joining())
        + String.format(
            Locale.ROOT,
            "- %,d documents, %d rounds; median (min..max)%n",
            settings.documents(),
            rounds.size())
        + rates()
        + ratios()
        + others()
        + marks("churn", "Everything updated, round after round")
        + marks("curve", "Cost of an insert");
  }

  private String rates() {
    List<String> heads = new ArrayList<>(List.of("operations per CPU second"));
    settings.contenders().forEach(contender -> heads.add(contender.title()));
    Table table = new Table(heads);
    for (Line line : RATES) {
      if (!samples(Contender.STAVE, line.figure()).isEmpty()) {
        List<String> cells = new ArrayList<>(List.of(line.title()));
        settings.contenders().forEach(c -> cells.add(rate(c, line.figure())));
        table.row(cells);
      }
    }
    return section("Rates", table);
  }

  private String ratios() {
    List<String> heads = new ArrayList<>(List.of("Stave ÷"));
    peers.forEach(peer -> heads.add(peer.title()));
    heads.addAll(List.of("best of peers", "target", ""));
    Table table = new Table(heads);
    for (Line line : RATES) {
      Samples ours = samples(Contender.STAVE, line.figure());
      if (ours.isEmpty()) {
        continue;
      }
      List<String> cells = new ArrayList<>(List.of(line.title()));
      peers.forEach(peer -> cells.add(ratio(ours, samples(peer, line.figure()))));
      cells.add(ratio(ours, best(line.figure())));
      List<String> targets = new ArrayList<>();
      boolean reached = true;
      boolean whole = true;
      for (Target target : line.targets()) {
        Contender against = target.against();
        Samples theirs =
            against == null ? best(target.theirs()) : samples(against, target.theirs());
        targets.add(
            String.format(
                Locale.ROOT,
                "≥ %s %s%s: %s",
                target.least(),
                against == null ? "best" : against.title(),
                target.theirs().equals(line.figure()) ? "" : " at " + target.theirs(),
                ratio(ours, theirs)));
        whole &= !theirs.isEmpty();
        reached &= theirs.isEmpty() || ours.median() >= target.least() * theirs.median();
      }
      cells.add(String.join("; ", targets));
      cells.add(!reached ? "**short**" : whole ? "yes" : "not all measured");
      table.row(cells);
    }
    return section("Ratios", table);
  }

  /** Of the peers, whose median is the highest. */
  private Samples best(String figure) {
    Samples best = new Samples(List.of());
    for (Contender peer : peers) {
      Samples its = samples(peer, figure);
      if (!its.isEmpty() && (best.isEmpty() || its.median() > best.median())) {
        best = its;
      }
    }
    return best;
  }

  private String others() {
    List<String> heads = new ArrayList<>(List.of(""));
    settings.contenders().forEach(contender -> heads.add(contender.title()));
    heads.add("target of Stave");
    Table table = new Table(heads);
    row(table, "first answer after the bulk, ms", "firstMillis", 1, "≤ 200");
    row(table, "disk after the bulk, MB", "bulk.disk", MEGABYTE, "");
    row(table, "disk after the updates, MB", "update.disk", MEGABYTE, "");
    row(table, "heap in use after the bulk, MB", "heap", MEGABYTE, "≤ 67, its budget");
    return section("Others", table);
  }

  private void row(Table table, String title, String figure, double unit, String target) {
    List<String> cells = new ArrayList<>(List.of(title));
    settings.contenders().forEach(c -> cells.add(spread(samples(c, figure), unit)));
    cells.add(target);
    table.row(cells);
  }

  /** What was measured again and again on the way: of who has it. */
  private String marks(String prefix, String title) {
    StringBuilder text = new StringBuilder();
    for (Contender contender : settings.contenders()) {
      TreeSet<String> marks = new TreeSet<>();
      rounds.forEach(
          round ->
              round.getOrDefault(contender, Map.of()).keySet().stream()
                  .filter(name -> name.matches(prefix + "\\d+"))
                  .forEach(marks::add));
      if (marks.isEmpty()) {
        continue;
      }
      String unit = prefix.equals("curve") ? "CPU µs a document" : "documents per CPU second";
      Table table = new Table(List.of("at", unit, "disk MB", "heap MB"));
      for (String mark : marks) {
        table.row(
            List.of(
                String.format(
                    Locale.ROOT, "%,d", Integer.parseInt(mark.substring(prefix.length()))),
                spread(samples(contender, mark), 1),
                spread(samples(contender, mark + ".disk"), MEGABYTE),
                spread(samples(contender, mark + ".heap"), MEGABYTE)));
      }
      text.append(section(title + ": " + contender.title(), table));
    }
    return text.toString();
  }

  private static String section(String title, Table table) {
    return "\n### " + title + "\n\n" + table;
  }

  private String rate(Contender contender, String figure) {
    return samples(contender, figure + WRONG).isEmpty()
        ? spread(samples(contender, figure), 1)
        : "answers wrongly";
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

  private static String ratio(Samples above, Samples below) {
    return above.isEmpty() || below.isEmpty()
        ? "–"
        : String.format(Locale.ROOT, "%.2f", above.median() / below.median());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }
}
