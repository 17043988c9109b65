package dev.stave.spec.bench.sync;

import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.sync.Replica;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.http.Credentials;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.SynchronousQueue;

/** An embedded database that replicates with a server: in a process of its own. Prints figures. */
public final class SyncReplica {

  private static final int EDITS = 300;
  private static final int TENTHS = 10;

  private final Wire wire = new Wire();
  private final HttpPeer server;
  private final Database database;
  private final URI address;

  private SyncReplica(Database database, URI address, boolean hidesExtensions) {
    this.database = database;
    this.address = address;
    this.server = HttpPeer.at(address, Credentials.none(), wire.client(hidesExtensions));
  }

  /**
   * What is done ({@code pull}, {@code push}, {@code live}), the folder, the address, whether the
   * server passes for a CouchDB ({@code plain}) or not ({@code stave}), how many documents there
   * are, and how many runs come first and do not count: they pull into databases of their own, or
   * push what is there to the address with {@code -warm-1} and so on.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    boolean isPlain = arguments[3].equals("plain");
    long documents = Long.parseLong(arguments[4]);
    Path folder = Path.of(arguments[1]);
    int warm = Integer.parseInt(arguments[5]);
    try (Database database = Database.open(folder, DatabaseOptions.DEFAULT)) {
      URI address = URI.create(arguments[2]);
      SyncReplica replica = new SyncReplica(database, address, isPlain);
      switch (arguments[0]) {
        case "pull" -> {
          for (int i = 1; i <= warm; i++) {
            Path other = folder.resolveSibling(folder.getFileName() + "-warm-" + i);
            try (Database before = Database.open(other, DatabaseOptions.DEFAULT)) {
              beOwn(before);
              new SyncReplica(before, address, isPlain).pull(-1);
            }
          }
          beOwn(database);
          replica.pull(documents);
        }
        case "push" -> {
          fill(database, database.count() == 0 ? documents : 0);
          for (int i = 1; i <= warm; i++) {
            new SyncReplica(database, URI.create(arguments[2] + "-warm-" + i), isPlain).push(-1);
          }
          replica.push(documents);
        }
        default -> replica.live();
      }
    }
    System.exit(0); // OkHttp's threads linger
  }

  /** One that has a document of its own comes by the feed: files are for {@link SeedBench}. */
  private static void beOwn(Database database) {
    if (database.count() == 0) {
      database.put("own", JsonObject.parse("{}"));
    }
  }

  private void pull(long documents) throws IOException {
    copy(server, LocalPeer.of(database), documents);
  }

  private void push(long documents) throws IOException {
    copy(LocalPeer.of(database), server, documents);
  }

  /** With -1 documents, it does not count. */
  private void copy(Peer source, Peer target, long documents) throws IOException {
    CpuTime used = CpuTime.of("self");
    long start = System.nanoTime();
    long[] tenths = new long[TENTHS + 1];
    long written;
    try (Replication replication = Replication.of(source, target, ReplicationOptions.DEFAULT)) {
      replication.watch(
          progress -> {
            int tenth = documents <= 0 ? 0 : (int) (progress.written() * TENTHS / documents);
            for (int i = tenth; i > 0 && tenths[i] == 0; i--) {
              tenths[i] = System.nanoTime() - start;
            }
          });
      written = replication.start().await().written();
    }
    if (documents < 0) {
      return;
    }
    double took = (System.nanoTime() - start) / 1e9;
    CpuTime cpu = CpuTime.of("self").since(used);
    StringBuilder rates = new StringBuilder();
    if (written == documents) {
      for (int i = 1; i <= TENTHS; i++) {
        double seconds = (tenths[i] - (i == 1 ? 0 : tenths[i - 1])) / 1e9;
        rates.append(String.format(Locale.ROOT, " %.0f", documents / (double) TENTHS / seconds));
      }
    }
    print(
        "%d documents in %.2f s, %.0f a second; CPU s here %s; %d bytes on the wire;"
            + " %d MiB resident; requests %s; a second, by tenths:%s",
        written, took, written / took, cpu, wire.bytes(), resident(), wire.requests(), rates);
  }

  /** How long it takes until an edit at the server is here. */
  private void live() throws IOException, InterruptedException {
    SynchronousQueue<Long> seen = new SynchronousQueue<>();
    try (Replica replica = Replica.of(database).with(server).pull().start()) {
      long[] micros = new long[EDITS];
      for (int i = -EDITS; i < EDITS; i++) { // as many before, which do not count
        String id = "live-" + (i + EDITS);
        Thread waiter = waiter(id, seen);
        long start = System.nanoTime();
        put(id, "{" + Notes.members(i) + "}");
        long end = seen.take();
        waiter.join();
        micros[Math.max(i, 0)] = (end - start) / 1_000;
      }
      Arrays.sort(micros);
      print(
          "an edit at the server is here after %.2f ms, the median of %d; 99 of 100 after %.2f ms;"
              + " requests %s",
          micros[EDITS / 2] / 1e3, EDITS, micros[EDITS * 99 / 100] / 1e3, wire.requests());
    }
  }

  private Thread waiter(String id, SynchronousQueue<Long> seen) {
    Thread waiter =
        new Thread(
            () -> {
              Object news = new Object();
              try (var commits =
                  database.onCommit(
                      sequence -> {
                        synchronized (news) {
                          news.notifyAll();
                        }
                      })) {
                synchronized (news) {
                  while (database.get(id).isEmpty()) {
                    news.wait(1_000);
                  }
                }
                seen.put(System.nanoTime());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    waiter.start();
    return waiter;
  }

  private void put(String id, String body) throws IOException {
    URI uri = URI.create(address + "/" + id);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod("PUT");
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setDoOutput(true);
    connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    try (var in = connection.getInputStream()) {
      in.readAllBytes();
    }
  }

  /** Fills a database as an application would. */
  private static void fill(Database database, long documents) {
    int batch = 1_000;
    for (long first = 0; first < documents; first += batch) {
      WriteBatch writes = new WriteBatch();
      for (long i = first; i < Math.min(documents, first + batch); i++) {
        writes.put(Notes.id(i), JsonObject.parse("{" + Notes.members(i) + "}"));
      }
      database.write(writes);
    }
  }

  private static long resident() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
        }
      }
      return -1;
    } catch (IOException e) {
      return -1; // not on Linux
    }
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
