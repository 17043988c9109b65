package dev.stave.spec.bench.sync;

import dev.stave.spec.bench.http.Contender;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Has a replica with a small heap pull from a server, and push to it, with and without words. */
public final class SyncRace {

  private static final String SERVER_HEAP = "512m";
  private static final int BATCH = 1_000;

  private final long documents = Long.getLong("bench.documents", 100_000);
  private final int rounds = Integer.getInteger("bench.rounds", 1);
  private final String how = System.getProperty("bench.how", "plain,stave");
  private final String workloads = System.getProperty("bench.workloads", "");
  private final String other = System.getProperty("bench.other", "");
  private final String otherReplica = System.getProperty("bench.otherReplica", "");
  private final int warm = Integer.getInteger("bench.warm", 1);
  private final String heap = System.getProperty("bench.heap", "256m");
  private final Path folder;

  private SyncRace(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path parent = Path.of(System.getProperty("bench.folder", "target/race"));
    SyncRace race =
        new SyncRace(Files.createTempDirectory(Files.createDirectories(parent), "sync-race"));
    race.run();
  }

  private void run() throws IOException, InterruptedException {
    long json = 0;
    for (long i = 0; i < BATCH; i++) {
      json += Notes.members(i).getBytes(StandardCharsets.UTF_8).length + 2;
    }
    System.out.printf(Locale.ROOT, "%d documents of %d bytes of JSON%n", documents, json / BATCH);
    for (int round = 1; round <= rounds; round++) {
      stave(folder.resolve("round-" + round));
      if (!other.isEmpty() && !otherReplica.isEmpty()) {
        yardstick(folder.resolve("other-" + round));
      }
    }
  }

  private void stave(Path home) throws IOException, InterruptedException {
    Files.createDirectories(home);
    try (Contender server = Contender.stave(home.resolve("server"), SERVER_HEAP)) {
      fill(server);
      for (String how : this.how.split(",")) {
        String folderName = "pulled-" + how;
        if (wanted("pull")) {
          replica("pull " + how, "pull", home.resolve(folderName), server, "race", how, documents);
          replica("idle pull", "pull", home.resolve(folderName), server, "race", how, 0);
        }
        if (wanted("push")) {
          Path local = home.resolve("local-" + how);
          ask(server, "PUT", "/pushed-" + how, "");
          for (int i = 1; i <= warm; i++) {
            ask(server, "PUT", "/pushed-" + how + "-warm-" + i, "");
          }
          replica("push " + how, "push", local, server, "pushed-" + how, how, documents);
          replica("idle push", "push", local, server, "pushed-" + how, how, 0);
          ask(server, "DELETE", "/pushed-" + how, "");
          for (int i = 1; i <= warm; i++) {
            ask(server, "DELETE", "/pushed-" + how + "-warm-" + i, "");
          }
        }
      }
      if (wanted("live")) {
        ask(server, "PUT", "/live", "");
        replica("live", "live", home.resolve("live"), server, "live", "stave", 0);
      }
    }
  }

  private boolean wanted(String workload) {
    return workloads.isEmpty() || List.of(workloads.split(",")).contains(workload);
  }

  private void replica(
      String name, String work, Path at, Contender server, String to, String how, long count)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    String more = System.getProperty("bench.jvm", "");
    command.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SyncReplica.class.getName(), work, at.toString()));
    command.addAll(List.of(server.address() + to, how, Long.toString(count)));
    command.add(Integer.toString(count > 0 ? warm : 0));
    measure(name, command, server);
  }

  private static void measure(String name, List<String> command, Contender server)
      throws IOException, InterruptedException {
    CpuTime used = CpuTime.of(Long.toString(server.pid()));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    StringBuilder said = new StringBuilder();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.append(line).append(' ');
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException(name + " failed: " + said);
    }
    CpuTime cpu = CpuTime.of(Long.toString(server.pid())).since(used);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%-12s in all %.1f s, and CPU s at the server %s; %s%n",
        name,
        seconds,
        cpu,
        said);
  }

  private void fill(Contender server) throws IOException {
    ask(server, "PUT", "/race", "");
    for (long first = 0; first < documents; first += BATCH) {
      int count = (int) Math.min(BATCH, documents - first);
      ask(server, "POST", "/race/_bulk_docs", Notes.bulk(first, count));
    }
  }

  /** PouchDB, from a PouchDB Server and to it. */
  private void yardstick(Path home) throws IOException, InterruptedException {
    try (Contender server = Contender.of(other, home)) {
      fill(server);
      ask(server, "PUT", "/pushed", "");
      List<String> command = new ArrayList<>(List.of(otherReplica.split(" ")));
      command.add(server.address() + "race");
      command.add(server.address() + "pushed");
      measure("other", command, server);
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
}
