package dev.stave.spec.bench.sync;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import dev.stave.sync.Comparison;
import dev.stave.sync.Replication;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The first sync of a whole database of documents of 1 KB: a server and a client, each a process of
 * its own with 64 MiB of heap, over loopback.
 *
 * <pre>
 * seed     the files are made, sent, verified and installed: wanted are 100,000 documents a second
 *          and core used, of both processes together
 * again    the files are there, and another replica takes them
 * verify   the two compare all that they hold
 * </pre>
 *
 * <p>Arguments: a folder, and numbers of documents. What is made there stays for the next run.
 */
public final class SeedBench {

  private static final String HEAP = "-Xmx64m";
  private static final int BATCH = 1_000;

  private SeedBench() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "serve" -> serve(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
      case "pull" -> pull(URI.create(arguments[1]), Path.of(arguments[2]));
      default -> {
        for (int i = 1; i < arguments.length; i++) {
          run(Path.of(arguments[0]), Integer.parseInt(arguments[i]));
        }
      }
    }
  }

  private static double cpuSeconds() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }

  private static JsonObject document(Random random, int i) {
    StringBuilder text = new StringBuilder();
    while (text.length() < 700) {
      text.append((char) ('a' + random.nextInt(26)));
      if (random.nextInt(6) == 0) {
        text.append(' ');
      }
    }
    return JsonObject.parse(
        String.format(
            Locale.ROOT,
            "{\"number\":%d,\"kind\":\"note\",\"city\":\"city-%d\",\"amount\":%d.%02d,"
                + "\"tags\":[\"t%d\",\"t%d\"],\"owner\":{\"name\":\"user-%d\",\"age\":%d},"
                + "\"open\":%b,\"created\":\"2026-11-%02dT12:00:00Z\",\"text\":\"%s\"}",
            i,
            random.nextInt(500),
            random.nextInt(10_000),
            random.nextInt(100),
            random.nextInt(50),
            random.nextInt(50),
            random.nextInt(10_000),
            random.nextInt(90),
            random.nextBoolean(),
            1 + random.nextInt(30),
            text));
  }

  private static void fill(Database database, int documents) {
    Random random = new Random(1);
    for (int i = (int) database.count(); i < documents; i += BATCH) {
      WriteBatch batch = new WriteBatch();
      for (int j = i; j < i + BATCH; j++) {
        batch.put(String.format(Locale.ROOT, "doc-%09d", j), document(random, j));
      }
      database.write(batch);
    }
  }

  private static void serve(Path folder, int documents) throws IOException {
    try (Databases databases = Databases.open(folder)) {
      DatabaseName name = new DatabaseName("db");
      databases.create(name);
      fill(databases.find(name).orElseThrow(), documents);
    }
    HttpServer server =
        HttpServer.start(Databases.open(folder), "127.0.0.1", 0, HttpLimits.DEFAULT);
    System.out.println("at " + server.address().getPort());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (in.readLine() != null) {
      System.out.println(cpuSeconds());
    }
    server.close();
  }

  private static void pull(URI from, Path folder) {
    try (Database here = Database.open(folder);
        HttpPeer peer = HttpPeer.at(from)) {
      long began = System.nanoTime();
      double cpu = cpuSeconds();
      Replication.run(peer, LocalPeer.of(here));
      System.out.printf(
          Locale.ROOT,
          "%d %.3f %.3f %d%n",
          here.count(),
          (System.nanoTime() - began) / 1e9,
          cpuSeconds() - cpu,
          here.changes(0, 1).get(0).sequence());
      began = System.nanoTime();
      cpu = cpuSeconds();
      Comparison compared = Comparison.of(LocalPeer.of(here), peer, Scope.ALL);
      System.out.printf(
          Locale.ROOT,
          "%.2f s, CPU at the client %.2f s: %s%n",
          (System.nanoTime() - began) / 1e9,
          cpuSeconds() - cpu,
          compared);
    }
  }

  private static Process start(String... arguments) throws IOException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                SeedBench.class.getName()));
    if (arguments[0].equals("pull") && !System.getProperty("bench.jvm", "").isEmpty()) {
      command.add(1, System.getProperty("bench.jvm"));
    }
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void run(Path folder, int documents) throws Exception {
    Process server =
        start("serve", folder.resolve("source-" + documents).toString(), "" + documents);
    BufferedReader says = server.inputReader();
    String line = says.readLine();
    String address = "http://127.0.0.1:" + line.substring(3) + "/db";
    for (String what : List.of("seed", "again", "again")) {
      Path target = Files.createTempDirectory(folder, "replica");
      double before = serverCpu(server, says);
      Process client = start("pull", address, target.toString());
      BufferedReader told = client.inputReader();
      String figure = told.readLine();
      while (!figure.matches("[0-9. ]+")) {
        figure = told.readLine();
      }
      String[] figures = figure.split(" ");
      double ofServer = serverCpu(server, says) - before;
      double cpu = ofServer + Double.parseDouble(figures[2]);
      System.out.printf(
          Locale.ROOT,
          "%-6s %,9d documents: %6.2f s; CPU %.2f s at the server, %s s at the client;"
              + " %,.0f documents a second and core%n",
          what,
          Long.parseLong(figures[0]),
          Double.parseDouble(figures[1]),
          ofServer,
          figures[2],
          documents / cpu);
      System.out.println("verify " + told.readLine());
      client.waitFor();
      try (var files = Files.walk(target)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
    server.outputWriter().close();
    server.waitFor();
  }

  private static double serverCpu(Process server, BufferedReader says) throws IOException {
    server.outputWriter().write("cpu\n");
    server.outputWriter().flush();
    return Double.parseDouble(says.readLine());
  }
}
