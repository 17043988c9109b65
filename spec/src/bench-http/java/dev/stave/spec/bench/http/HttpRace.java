package dev.stave.spec.bench.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.LongFunction;

/** Runs all workloads with Stave and, if its command is given, another server. */
public final class HttpRace {

  /** Documents of one {@code _bulk_docs}. */
  static final int BATCH = 1_000;

  private static final int CONNECTIONS = 64;
  private static final int FEEDS = 5_000;
  private static final String HEAP = "512m";

  /** With which the idle feeds have to get by. */
  private static final String SMALL_HEAP = "128m";

  private static final String LIVE_HEAP = "96m";

  private final int batches = Integer.getInteger("bench.batches", 100);
  private final int seconds = Integer.getInteger("bench.seconds", 10);
  private final int rounds = Integer.getInteger("bench.rounds", 3);
  private final String workloads = System.getProperty("bench.workloads", "");
  private final String other = System.getProperty("bench.other", "");
  private final Path folder;

  private HttpRace(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path parent = Path.of(System.getProperty("bench.folder", "target/race"));
    HttpRace race =
        new HttpRace(Files.createTempDirectory(Files.createDirectories(parent), "http-race"));
    race.run();
  }

  private void run() throws IOException, InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      if (wanted("graphql")) {
        graphql(round);
      }
      if (workloads.equals("graphql")) {
        continue; // which needs nothing of the others
      }
      try (Contender stave = Contender.stave(folder.resolve("stave-" + round), HEAP)) {
        workloads("stave", stave);
      }
      if (wanted("bulk")) {
        embedded(folder.resolve("embedded-" + round));
      }
      if (!other.isEmpty()) {
        try (Contender peer = Contender.of(other, folder.resolve("other-" + round))) {
          workloads("other", peer);
        }
      }
      if (wanted("feeds")) {
        try (Contender stave = Contender.stave(folder.resolve("feeds-" + round), SMALL_HEAP)) {
          idleFeeds(stave);
        }
      }
    }
  }

  private void graphql(int round) throws IOException, InterruptedException {
    try (Contender stave = Contender.stave(folder.resolve("graphql-" + round), HEAP)) {
      GraphQLRace.query(stave, folder.resolve("embedded-graphql-" + round));
    }
    try (Contender stave = Contender.stave(folder.resolve("live-" + round), LIVE_HEAP)) {
      GraphQLRace.subscriptions(stave, LIVE_HEAP);
    }
    GraphQLRace.growth();
  }

  private boolean wanted(String workload) {
    return workloads.isEmpty() || List.of(workloads.split(",")).contains(workload);
  }

  private void workloads(String name, Contender server) throws IOException {
    ask(server, "PUT", "/race", "");
    bulk(name, server);
    long documents = (long) BATCH * (batches + batches / 2);
    if (wanted("get")) {
      Random random = new Random(1);
      LongFunction<byte[]> get =
          i -> Load.request("GET", "/race/" + Bodies.id(random.nextInt((int) documents)), "");
      measure(name + " get", server, new Load(server.address(), get, 200));
    }
    if (wanted("put")) {
      LongFunction<byte[]> put =
          i -> Load.request("PUT", "/race/new-" + i, "{" + Bodies.members(i) + "}");
      measure(name + " put", server, new Load(server.address(), put, 201));
    }
    if (wanted("changes")) {
      changes(name, server);
    }
  }

  private void bulk(String name, Contender server) throws IOException {
    for (int i = 0; i < batches / 2; i++) {
      ask(server, "POST", "/race/_bulk_docs", Bodies.bulk((long) i * BATCH, BATCH));
    }
    double took = 0;
    double cpu = 0;
    for (int i = batches / 2; i < batches / 2 + batches; i++) {
      String body = Bodies.bulk((long) i * BATCH, BATCH);
      double used = server.cpuSeconds();
      long start = System.nanoTime();
      ask(server, "POST", "/race/_bulk_docs", body);
      took += (System.nanoTime() - start) / 1e9;
      cpu += server.cpuSeconds() - used;
    }
    report(name + " bulk", (long) batches * BATCH, took, cpu, "");
  }

  private void measure(String name, Contender server, Load load) throws IOException {
    load.run(CONNECTIONS, seconds);
    double used = server.cpuSeconds();
    Load.Result result = load.run(CONNECTIONS, seconds);
    double cpu = server.cpuSeconds() - used;
    String latency =
        String.format(
            Locale.ROOT,
            "p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms",
            result.percentile(50) / 1e3,
            result.percentile(99) / 1e3,
            result.percentile(99.9) / 1e3);
    report(name, result.requests(), result.seconds(), cpu, latency);
  }

  private void changes(String name, Contender server) throws IOException {
    rows(server);
    double used = server.cpuSeconds();
    long start = System.nanoTime();
    long rows = 0;
    for (int i = 0; i < 3; i++) {
      rows += rows(server);
    }
    double took = (System.nanoTime() - start) / 1e9;
    report(name + " changes", rows, took, server.cpuSeconds() - used, "");
  }

  /** Reads the whole feed and counts its rows, each of which has one "changes":[. */
  private static long rows(Contender server) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) server.address().resolve("race/_changes").toURL().openConnection();
    long rows = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = connection.getInputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        for (int i = 0; i < count; i++) {
          rows += buffer[i] == '[' ? 1 : 0;
        }
      }
    }
    return rows - 1; // the array of them all
  }

  private void embedded(Path data) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + HEAP, "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(EmbeddedBulk.class.getName(), data.toString()));
    command.addAll(List.of("" + batches / 2, "" + batches));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the embedded database failed: " + said);
    }
    String[] figures = said.trim().split(" ");
    report(
        "embedded bulk",
        (long) batches * BATCH,
        Double.parseDouble(figures[0]),
        Double.parseDouble(figures[1]),
        "");
  }

  private static void idleFeeds(Contender server) throws IOException, InterruptedException {
    ask(server, "PUT", "/race", "");
    long before = server.residentMib();
    try (Feeds feeds = new Feeds(server.address(), "race", FEEDS)) {
      feeds.awaitAll();
      Thread.sleep(5_000);
      double used = server.cpuSeconds();
      Thread.sleep(10_000);
      double idle = server.cpuSeconds() - used;
      feeds.forget();
      ask(server, "PUT", "/race/woken", "{}");
      System.out.printf(
          Locale.ROOT,
          "%-16s %d open, -Xmx%s, %d MiB resident (%d before), %.2f CPU s in 10 s of idling,"
              + " all told of a change in %.0f ms%n",
          "stave feeds",
          FEEDS,
          SMALL_HEAP,
          server.residentMib(),
          before,
          idle,
          feeds.awaitAll());
    }
  }

  private static void ask(Contender server, String method, String path, String body)
      throws IOException {
    URI uri = server.address().resolve(path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    try (InputStream in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }

  private static void report(String name, long count, double took, double cpu, String more) {
    System.out.printf(
        Locale.ROOT,
        "%-16s %,10.0f a second, %,10.0f a CPU second of the server  %s%n",
        name,
        count / took,
        count / cpu,
        more);
  }
}
