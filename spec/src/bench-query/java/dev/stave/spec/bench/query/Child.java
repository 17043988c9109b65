package dev.stave.spec.bench.query;

import dev.stave.spec.bench.query.Question.Kind;
import dev.stave.spec.bench.storage.Corpus;
import dev.stave.spec.bench.storage.Measurements;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One job with one contender, in a process of its own: {@code job contender folder corpus}. */
public final class Child {

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e3;
  private static final double MILLIS = 1e6;
  private static final int CHECKS = 5;
  private static final int FEWEST = 3;
  private static final List<Integer> MARKS =
      List.of(10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000);

  private final Job job;
  private final Contender contender;
  private final Path folder;
  private final Settings settings = Settings.fromProperties();
  private final Orders orders;
  private final Corpus corpus;
  private final Measurements measurements = new Measurements();

  private Child(Job job, Contender contender, Path folder, Path corpus) throws IOException {
    this.job = job;
    this.contender = contender;
    this.folder = folder;
    this.orders = new Orders(settings.documents(job));
    this.corpus = Corpus.open(corpus);
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    System.setOut(System.err); // where some contenders chat
    Child child =
        new Child(
            Job.valueOf(arguments[0]),
            Contender.valueOf(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[3]));
    child.run();
    child.measurements.print(out);
    out.flush();
  }

  private void run() throws IOException {
    switch (job) {
      case BULK -> bulk();
      case QUERY -> query();
      case UPDATE -> update();
      case CHURN -> churn();
      case CURVE -> curve();
    }
  }

  private static long ownCpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /** Of this process and of the contender's server. */
  private static long cpu(Engine engine) {
    return ownCpu() + engine.serverCpuNanos();
  }

  private static double usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** The rate per CPU second, and microseconds by the clock. */
  private void rate(String name, long operations, long cpuNanos, long wallNanos) {
    measurements.put(name, operations * NANOS / cpuNanos);
    measurements.put(name + ".wallMicros", wallNanos / MICROS / operations);
  }

  private void insert(Engine engine, int from, int to) {
    for (int first = from; first < to; first += Settings.COMMIT) {
      List<byte[]> bodies = new ArrayList<>();
      for (int i = first; i < Math.min(to, first + Settings.COMMIT); i++) {
        bodies.add(corpus.body(i));
      }
      engine.insert(first, bodies);
    }
  }

  /**
   * The same into a database that is thrown away: a service loads its data more than once in its
   * life, and a JVM's compiler costs what it costs once.
   */
  private void warmUp() throws IOException {
    Path other = folder.resolveSibling(folder.getFileName() + "-warm");
    try (Engine engine = contender.open(other)) {
      insert(engine, 0, orders.count());
      if (job == Job.UPDATE) {
        updates(new Truth(orders), orders.count()).forEach(engine::setStatus);
      }
      engine.settle();
    }
    Race.delete(other);
  }

  private void bulk() throws IOException {
    Truth truth = contender.runs(Job.QUERY) ? new Truth(orders) : null;
    warmUp();
    double heapBefore = usedHeap();
    Engine engine = contender.open(folder);
    long cpu = cpu(engine);
    long wall = System.nanoTime();
    insert(engine, 0, orders.count());
    long cpuOfInserts = cpu(engine) - cpu;
    if (truth != null) {
      // The first answer is apart: its cost is in none of the two others.
      Question question = Question.random(Kind.UNDECLARED, orders, new SplittableRandom(1));
      long asked = System.nanoTime();
      List<String> answer = engine.find(question);
      measurements.put("firstMillis", (System.nanoTime() - asked) / MILLIS);
      truth.check(contender, question, answer);
    }
    cpu = cpu(engine);
    engine.settle();
    long cpuOfSettling = cpu(engine) - cpu;
    rate("bulk", orders.count(), cpuOfInserts + cpuOfSettling, System.nanoTime() - wall);
    measurements.put("heap", usedHeap() - heapBefore);
    engine.close();
  }

  private void query() {
    Truth truth = new Truth(orders);
    try (Engine engine = contender.open(folder)) {
      Set<Kind> wrong = check(engine, truth);
      SplittableRandom random = new SplittableRandom(7);
      Runnable get =
          () -> {
            if (engine.get(Orders.id(random.nextInt(orders.count()))) == 0) {
              throw new IllegalStateException("a body is empty");
            }
          };
      measure(engine, "get", get);
      for (Kind kind : Kind.values()) {
        if (wrong.contains(kind)) {
          measurements.put(kind.name() + Report.WRONG, 1);
        } else if (kind != Kind.STATUS) {
          measure(engine, kind.name(), () -> engine.find(Question.random(kind, orders, random)));
        }
      }
    }
  }

  /**
   * Everybody answers the same questions. What a peer answers wrongly is left out; for Stave it is
   * the end.
   */
  private Set<Kind> check(Engine engine, Truth truth) {
    SplittableRandom random = new SplittableRandom(11);
    Set<Kind> wrong = EnumSet.noneOf(Kind.class);
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < CHECKS; i++) {
        Question question = Question.random(kind, orders, random);
        try {
          truth.check(contender, question, engine.find(question));
        } catch (IllegalStateException e) {
          if (contender == Contender.STAVE) {
            throw e;
          }
          System.err.println(e.getMessage());
          wrong.add(kind);
        }
      }
    }
    return wrong;
  }

  private void measure(Engine engine, String name, Runnable operation) {
    repeat(operation);
    long cpu = cpu(engine);
    long wall = System.nanoTime();
    long operations = repeat(operation);
    rate(name, operations, cpu(engine) - cpu, System.nanoTime() - wall);
  }

  private long repeat(Runnable operation) {
    long end = System.nanoTime() + (long) (settings.seconds() * NANOS);
    long operations = 0;
    while (operations < FEWEST || System.nanoTime() < end) {
      operation.run();
      operations++;
    }
    return operations;
  }

  /** Half as many updates as there are orders, of any of them. */
  private void update() throws IOException {
    Truth truth = new Truth(orders);
    warmUp();
    List<Map<String, String>> commits = updates(truth, orders.count());
    int updates = commits.stream().mapToInt(Map::size).sum();
    try (Engine engine = contender.open(folder)) {
      long cpu = cpu(engine);
      long wall = System.nanoTime();
      commits.forEach(engine::setStatus);
      engine.settle();
      rate("update", updates, cpu(engine) - cpu, System.nanoTime() - wall);
      check(engine, truth);
    }
  }

  /** Half as many as the first {@code count} orders, of any of them, commit by commit. */
  private static List<Map<String, String>> updates(Truth truth, int count) {
    SplittableRandom random = new SplittableRandom(13);
    List<Map<String, String>> commits = new ArrayList<>();
    for (int done = 0; done < count / 2; done += Settings.COMMIT) {
      Map<String, String> changes = new LinkedHashMap<>();
      while (changes.size() < Math.min(Settings.COMMIT, count / 2)) {
        int number = random.nextInt(count);
        if (!changes.containsKey(Orders.id(number))) {
          changes.put(Orders.id(number), truth.turn(number));
        }
      }
      commits.add(changes);
    }
    return commits;
  }

  /** Every order updated, round after round, each round in another order: the disk after each. */
  private void churn() throws IOException {
    Truth truth = new Truth(orders);
    try (Engine engine = contender.open(folder)) {
      insert(engine, 0, orders.count());
    }
    for (int round = 1; round <= settings.churn(); round++) {
      try (Engine engine = contender.open(folder)) {
        long cpu = cpu(engine);
        long wall = System.nanoTime();
        for (int first = 0; first < orders.count(); first += Settings.COMMIT) {
          Map<String, String> changes = new LinkedHashMap<>();
          for (int i = first; i < Math.min(first + Settings.COMMIT, orders.count()); i++) {
            int number = (int) ((i * 15_485_863L + round) % orders.count());
            changes.put(Orders.id(number), truth.turn(number));
          }
          engine.setStatus(changes);
        }
        engine.settle();
        String name = String.format(Locale.ROOT, "churn%02d", round);
        rate(name, orders.count(), cpu(engine) - cpu, System.nanoTime() - wall);
        check(engine, truth);
        measurements.put(name + ".disk", (double) size(folder));
      }
    }
  }

  /** What a document costs between one mark and the next, and the heap at each. */
  private void curve() throws IOException {
    double heapBefore = usedHeap();
    try (Engine engine = contender.open(folder)) {
      int from = 0;
      for (int mark : MARKS) {
        if (mark > orders.count()) {
          break;
        }
        long cpu = cpu(engine);
        insert(engine, from, mark);
        engine.settle();
        String name = String.format(Locale.ROOT, "curve%07d", mark);
        measurements.put(name, (cpu(engine) - cpu) / MICROS / (mark - from));
        measurements.put(name + ".heap", usedHeap() - heapBefore);
        measurements.put(name + ".disk", (double) size(folder));
        from = mark;
      }
    }
  }

  static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      long size = 0;
      for (Path file : files.filter(Files::isRegularFile).collect(Collectors.toList())) {
        size += Files.size(file);
      }
      return size;
    }
  }
}
