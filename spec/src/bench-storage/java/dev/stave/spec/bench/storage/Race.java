package dev.stave.spec.bench.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs each workload with each contender in turn, round after round, so that whatever else the
 * machine does hits all of them, and prints the report. Settings: {@link Settings}.
 */
public final class Race {

  /** Of every child. */
  static final String HEAP = "-Xmx512m";

  private final Settings settings;
  private final Path folder;
  private final Path corpus;
  private final Results results = new Results();

  private Race(Settings settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
    this.corpus = folder.resolve("corpus");
  }

  public static void main(String[] arguments) throws IOException {
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8)); // for ≥ and ÷
    Settings settings = Settings.fromProperties();
    Path folder =
        settings.folder().isPresent()
            ? Files.createTempDirectory(
                Files.createDirectories(settings.folder().get()), "storage-race")
            : Files.createTempDirectory("storage-race");
    try {
      new Race(settings, folder).run();
    } finally {
      delete(folder);
    }
  }

  private void run() throws IOException {
    List<String> machine = Machine.describe(folder);
    TextMaker maker = new TextMaker(Settings.SEED);
    Corpus.write(corpus, settings.documents(), i -> maker.next());
    for (int round = 1; round <= settings.rounds(); round++) {
      System.out.println("round " + round + " of " + settings.rounds());
      round();
    }
    machine = Stream.concat(machine.stream(), Machine.load().stream()).collect(Collectors.toList());
    String report = new Report(settings, machine, results).toString();
    System.out.println();
    System.out.println(report);
    if (settings.out().isPresent()) {
      Files.writeString(settings.out().get(), report);
    }
  }

  private void round() throws IOException {
    Results.Round round = results.newRound();
    boolean onBulkData = settings.jobs().stream().anyMatch(Job::onBulkData);
    for (Job job : Job.values()) {
      if (settings.jobs().contains(job) || (job == Job.BULK && onBulkData)) {
        for (Contender contender : settings.contenders()) {
          round.add(contender, runChild(job, contender));
        }
      }
    }
    round.requireSameChecks();
    for (Contender contender : settings.contenders()) {
      delete(data(contender));
    }
  }

  private Path data(Contender contender) {
    return folder.resolve(contender.name());
  }

  private Measurements runChild(Job job, Contender contender) throws IOException {
    Path data = job.onBulkData() ? data(contender) : folder.resolve("fresh");
    Measurements measurements = new Measurements();
    int exit = runChild(job, contender, data, measurements);
    if (exit != 0) {
      throw new IOException(job.label() + " of " + contender.title() + " ended with " + exit);
    }
    measurements.put(job.label() + Measurements.DISK, (double) size(data));
    if (!job.onBulkData()) {
      delete(data);
    }
    System.out.println("  " + job.label() + ", " + contender.title() + ": " + line(measurements));
    return measurements;
  }

  private int runChild(Job job, Contender contender, Path data, Measurements measurements)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(HEAP);
    command.addAll(settings.arguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.addAll(List.of(job.name(), contender.name(), data.toString(), corpus.toString()));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!measurements.parse(line)) {
          System.out.println("  " + line);
        }
      }
      return child.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    } finally {
      child.destroyForcibly(); // for an exception above: else it has ended
    }
  }

  /** The rates of a child, for those who watch. */
  private static String line(Measurements measurements) {
    return measurements.figures().entrySet().stream()
        .filter(figure -> figure.getKey().endsWith(Measurements.CPU))
        .map(Race::rate)
        .collect(Collectors.joining(", "));
  }

  private static String rate(Map.Entry<String, Double> figure) {
    String name = figure.getKey().substring(0, figure.getKey().indexOf('.'));
    return String.format(Locale.ROOT, "%s %,.0f per CPU second", name, figure.getValue());
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      long size = 0;
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        size += Files.size(file);
      }
      return size;
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
        Files.delete(file);
      }
    }
  }
}
