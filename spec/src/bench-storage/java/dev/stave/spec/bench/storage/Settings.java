package dev.stave.spec.bench.storage;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the user chose, in system properties. A property that is empty counts as not there.
 *
 * <pre>
 * bench.rounds      5        how often each contender runs each workload
 * bench.documents   500000   in the bulk load; the other workloads grow with it
 * bench.seconds     4        measured, of each workload that runs by time
 * bench.workloads   all      names of {@link Job}, with commas between
 * bench.contenders  stave,rocksdb,rocksdb_plain   and there are rocksdb_mmap, rocksdb_lz4
 * bench.folder      a temporary one               where the databases lie: chooses the disk
 * bench.out         none     a file for the report, in Markdown
 * </pre>
 */
record Settings(
    int rounds,
    int documents,
    int seconds,
    List<Job> jobs,
    List<Contender> contenders,
    Optional<Path> folder,
    Optional<Path> out) {

  static final long SEED = 20_260_101;

  /** Documents or rows in a commit. */
  static final int BULK_COMMIT = 1_000;

  static final int SMALL_COMMIT = 32;
  static final int UPDATE_COMMIT = 100;

  static final int WRITERS = 64;
  static final int RANGE_ROWS = 100;

  static Settings fromProperties() {
    return new Settings(
        Integer.parseInt(property("rounds").orElse("5")),
        Integer.parseInt(property("documents").orElse("500000")),
        Integer.parseInt(property("seconds").orElse("4")),
        list("workloads", "", Job::valueOf, Job.values()),
        list("contenders", "stave,rocksdb,rocksdb_plain", Contender::valueOf, Contender.values()),
        property("folder").map(Path::of),
        property("out").map(Path::of));
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty("bench." + name)).filter(text -> !text.isBlank());
  }

  private static <T> List<T> list(String name, String usual, Function<String, T> parse, T[] all) {
    String text = property(name).orElse(usual);
    if (text.isEmpty()) {
      return List.of(all);
    }
    return Stream.of(text.split(","))
        .map(word -> parse.apply(word.strip().toUpperCase(Locale.ROOT)))
        .distinct()
        .sorted()
        .collect(Collectors.toList());
  }

  /** For the command line of a child, which needs no more than these. */
  List<String> arguments() {
    return List.of("-Dbench.documents=" + documents, "-Dbench.seconds=" + seconds);
  }

  /** The same with one document in {@code share}. */
  Settings ofFewerDocuments(int share) {
    return new Settings(rounds, documents / share, seconds, jobs, contenders, folder, out);
  }

  int updates() {
    return documents / 2;
  }

  int smallRows() {
    return documents * 4;
  }

  /** Measured gets of each kind; as many go before, to warm up. */
  int gets() {
    return documents * 2;
  }

  /** Measured ranges; as many go before. */
  int ranges() {
    return documents / 50;
  }
}
