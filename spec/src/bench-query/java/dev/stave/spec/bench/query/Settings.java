package dev.stave.spec.bench.query;

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
 * bench.rounds      3        how often each contender runs each workload
 * bench.documents   200000   orders
 * bench.curve       2000000  the last mark of the curve
 * bench.churn       10       times that everything is updated
 * bench.seconds     2        measured, of each question; as many go before, to warm up
 * bench.workloads   bulk,query,update   and there are churn and curve; bulk always comes along
 * bench.contenders  all      names of {@link Contender}, with commas between
 * bench.folder      a temporary one    where the databases lie: chooses the disk
 * bench.out         none     a file for the report, in Markdown
 * bench.jvm         none     more options of the children's JVM, with blanks between: a profiler
 * </pre>
 */
record Settings(
    int rounds,
    int documents,
    int curve,
    int churn,
    double seconds,
    List<Job> jobs,
    List<Contender> contenders,
    Optional<Path> folder,
    Optional<Path> out) {

  /** Documents in a commit, of every contender. */
  static final int COMMIT = 1_000;

  static Settings fromProperties() {
    return new Settings(
        Integer.parseInt(property("rounds").orElse("3")),
        Integer.parseInt(property("documents").orElse("200000")),
        Integer.parseInt(property("curve").orElse("2000000")),
        Integer.parseInt(property("churn").orElse("10")),
        Double.parseDouble(property("seconds").orElse("2")),
        list("workloads", "bulk,query,update", Job::valueOf, Job.values()),
        list("contenders", "", Contender::valueOf, Contender.values()),
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

  /** For the command line of a child. */
  List<String> arguments() {
    return List.of(
        "-Dbench.documents=" + documents,
        "-Dbench.curve=" + curve,
        "-Dbench.churn=" + churn,
        "-Dbench.seconds=" + seconds);
  }

  int documents(Job job) {
    return job == Job.CURVE ? curve : documents;
  }
}
