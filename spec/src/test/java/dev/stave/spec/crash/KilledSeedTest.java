package dev.stave.spec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.DatabaseCheck;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.spec.ServerProcess;
import dev.stave.sync.Comparison;
import dev.stave.sync.Replication;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first sync of a whole database, of which the processes on both sides are killed.
 *
 * <p>Strategy: a server, and a client that begins a replica in an empty folder; the client is
 * killed (SIGKILL) once while it asks for one of the pieces, then at random moments, and sometimes
 * the server too, until the client comes to its end.
 *
 * <p>Invariants: after each kill the client's database is whole, and has nothing or everything;
 * what was fetched is not fetched again; in the end both hold the same.
 */
class KilledSeedTest {

  private static final int ROUNDS = Integer.getInteger("stave.crash.rounds", 60) / 20;
  private static final long SEED = Long.getLong("stave.crash.seed", System.nanoTime());
  private static final int DOCUMENTS = 20_000;

  /** There are a few more. */
  private static final int LAST_PIECE = 5;

  @TempDir Path folder;

  /**
   * Arguments: the server's database, a folder, and before which piece it says so, and waits to be
   * killed; 0 for none.
   */
  public static void main(String[] arguments) {
    int waitsAt = Integer.parseInt(arguments[2]);
    try (Database here = Database.open(Path.of(arguments[1]));
        HttpPeer there = HttpPeer.at(URI.create(arguments[0]))) {
      System.out.println("begun");
      Replication.run(waitingAt(waitsAt, there), LocalPeer.of(here));
    }
  }

  private static Peer waitingAt(int piece, Peer peer) {
    AtomicInteger pieces = new AtomicInteger();
    InvocationHandler calls =
        (proxy, method, arguments) -> {
          if (method.getName().equals("readSeed") && pieces.incrementAndGet() == piece) {
            System.out.println("waits");
            Thread.sleep(Long.MAX_VALUE);
          }
          try {
            return method.invoke(peer, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (Peer)
        Proxy.newProxyInstance(Peer.class.getClassLoader(), new Class<?>[] {Peer.class}, calls);
  }

  private static void fill(Path folder) {
    String text = "z".repeat(1_000);
    try (Database database = Database.open(folder)) {
      for (int i = 0; i < DOCUMENTS; i += 1_000) {
        WriteBatch batch = new WriteBatch();
        for (int j = i; j < i + 1_000; j++) {
          batch.put("d-" + j, JsonObject.parse("{\"n\":" + j + ",\"text\":\"" + text + "\"}"));
        }
        database.write(batch);
      }
    }
  }

  @Test
  void kill_inTheMiddleOfAFirstSync_leavesNothingOrEverything() throws Exception {
    System.out.println("KilledSeedTest: -Dstave.crash.seed=" + SEED + " rounds=" + ROUNDS);
    Random random = new Random(SEED);
    Path data = folder.resolve("data");
    try (ServerProcess making = new ServerProcess(data)) {
      try (HttpPeer peer = HttpPeer.at(making.address().resolve("db"))) {
        peer.create();
      }
    }
    fill(data.resolve("db"));
    ServerProcess server = new ServerProcess(data);
    Set<String> kills = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Path replica = folder.resolve("replica-" + round);
      boolean isDone = false;
      long fetched = 0;
      while (!isDone) {
        if (random.nextInt(4) == 0) {
          server.kill();
          server = new ServerProcess(data);
        }
        boolean isFirst = !Files.exists(replica);
        URI address = server.address().resolve("db");
        isDone = isFirst ? pullSome(address, replica, random) : pull(address, replica, random);
        long now = bytes(replica.resolve("seeds/incoming"));
        long documents = documents(replica);
        assertThat(documents).as("seed " + SEED).isIn(0L, (long) DOCUMENTS);
        if (isFirst) {
          assertThat(now).as("killed within it, seed " + SEED).isPositive();
          assertThat(documents).isZero();
        }
        kills.add(documents > 0 ? "after" : now > 0 ? "within" : "before");
        if (documents == 0) {
          assertThat(now).isGreaterThanOrEqualTo(fetched);
          fetched = now;
        }
      }
      assertThat(DatabaseCheck.of(replica).problems()).as("seed " + SEED).isEmpty();
      try (Database here = Database.open(replica);
          HttpPeer peer = HttpPeer.at(server.address().resolve("db"))) {
        assertThat(Comparison.of(LocalPeer.of(here), peer, Scope.ALL))
            .isEqualTo(new Comparison.Same(DOCUMENTS));
        assertThat(here.changes(0, 1).get(0).id()).isEqualTo("d-0");
        assertThat(Replication.run(peer, LocalPeer.of(here)).changes()).isZero();
      }
    }
    server.close();
    System.out.println("KilledSeedTest: killed " + kills);
  }

  /** Kills it when it asks for one of the pieces. */
  private static boolean pullSome(URI from, Path into, Random random) throws Exception {
    Process client = client(from, into, 2 + random.nextInt(LAST_PIECE - 1));
    assertThat(client.inputReader().readLine()).isEqualTo("waits");
    client.destroyForcibly().waitFor();
    return false;
  }

  /** Whether it came to its end before it was killed. */
  private static boolean pull(URI from, Path into, Random random) throws Exception {
    Process client = client(from, into, 0);
    if (client.waitFor(random.nextInt(1_200), TimeUnit.MILLISECONDS)) {
      return true;
    }
    client.destroyForcibly().waitFor();
    return false;
  }

  private static Process client(URI from, Path into, int waitsAt) throws IOException {
    Process client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledSeedTest.class.getName(),
                from.toString(),
                into.toString(),
                Integer.toString(waitsAt))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(client.inputReader().readLine()).isEqualTo("begun");
    return client;
  }

  private static long documents(Path replica) {
    try (Database here = Database.open(replica)) {
      return here.count();
    }
  }

  /** Of what is fetched, without logs and manifest, which change when it is installed. */
  private static long bytes(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(rows|bodies|table)"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }
}
