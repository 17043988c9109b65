package dev.stave.spec.bench.query;

import dev.stave.spec.bench.storage.Corpus;
import dev.stave.spec.bench.storage.Measurements;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs each job with each contender in turn, round after round, so that whatever else the machine
 * does hits all of them, and prints the report. Settings: {@link Settings}.
 */
public final class Race {

  /** Of every child. */
  static final String HEAP = "-Xmx512m";

  private final Settings settings;
  private final Path folder;
  private final List<Map<Contender, Map<String, Double>>> rounds = new ArrayList<>();

  private Race(Settings settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException {
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8)); // for ≥ and ÷
    Settings settings = Settings.fromProperties();
    Path folder =
        settings.folder().isPresent()
            ? Files.createTempDirectory(Files.createDirectories(settings.folder().get()), "query")
            : Files.createTempDirectory("query-race");
    try {
      new Race(settings, folder.toAbsolutePath()).run();
    } finally {
      delete(folder);
    }
  }

  private void run() throws IOException {
    for (int round = 1; round <= settings.rounds(); round++) {
      System.out.println("round " + round + " of " + settings.rounds());
      rounds.add(new EnumMap<>(Contender.class));
      for (Job job : Job.values()) {
        if (job == Job.BULK || settings.jobs().contains(job)) {
          run(job);
        }
      }
      for (Contender contender : settings.contenders()) {
        delete(data(contender));
      }
      if (settings.out().isPresent()) {
        Files.writeString(settings.out().get(), report()); // what there is, if the rest fails
      }
    }
    System.out.println();
    System.out.println(report());
  }

  private String report() throws IOException {
    return new Report(settings, Machine.describe(folder), rounds).toString();
  }

  private void run(Job job) throws IOException {
    Path corpus = corpus(settings.documents(job));
    for (Contender contender : settings.contenders()) {
      if (!contender.runs(job)) {
        System.out.println("  " + job.label() + ", " + contender.title() + ": left out");
      } else {
        Measurements measurements = runChild(job, contender, corpus);
        Map<Contender, Map<String, Double>> round = rounds.get(rounds.size() - 1);
        round.computeIfAbsent(contender, c -> new TreeMap<>()).putAll(measurements.figures());
      }
    }
  }

  /** The bodies, made once: so the making of text is on nobody's account. */
  private Path corpus(int documents) throws IOException {
    Path corpus = folder.resolve("corpus-" + documents);
    if (!Files.exists(corpus)) {
      Corpus.write(corpus, documents, new Orders(documents)::json);
    }
    return corpus;
  }

  private Path data(Contender contender) {
    return folder.resolve(contender.name());
  }

  private Measurements runChild(Job job, Contender contender, Path corpus) throws IOException {
    Path data = job.onBulkData() ? data(contender) : folder.resolve("fresh");
    Measurements measurements = new Measurements();
    int exit = runChild(job, contender, data, corpus, measurements);
    if (exit != 0) {
      throw new IOException(job.label() + " of " + contender.title() + " ended with " + exit);
    }
    measurements.put(job.label() + ".disk", (double) dataSize(data));
    if (!job.onBulkData()) {
      delete(data);
    }
    System.out.println("  " + job.label() + ", " + contender.title() + ": " + line(measurements));
    return measurements;
  }

  private static long dataSize(Path data) throws IOException {
    Path server = data.resolve("data"); // PostgreSQL's program lies beside it
    return Child.size(Files.isDirectory(server) ? server : data);
  }

  private int runChild(
      Job job, Contender contender, Path data, Path corpus, Measurements measurements)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(HEAP);
    String extra = System.getProperty("bench.jvm", "");
    if (!extra.isBlank()) {
      command.addAll(List.of(extra.split(" ")));
    }
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
      child.destroy(); // for an exception above: gently, so that it stops its server
    }
  }

  /** The figures of a child, for those who watch. */
  private static String line(Measurements measurements) {
    return measurements.figures().entrySet().stream()
        .filter(figure -> !figure.getKey().endsWith(".wallMicros"))
        .map(f -> String.format(Locale.ROOT, "%s %,.1f", f.getKey(), f.getValue()))
        .collect(Collectors.joining(", "));
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
