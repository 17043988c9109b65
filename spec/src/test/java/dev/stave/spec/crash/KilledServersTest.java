package dev.stave.spec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.spec.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers in processes of their own, each of which replicates to the next without end over a
 * line that goes bad, are killed (SIGKILL) and started again, put to sleep (SIGSTOP) and woken, and
 * cut off from the others, while clients write to them.
 *
 * <p>Strategy: each client writes new documents, and edits and deletes a few that all servers have,
 * so that they come to be conflicts; what is answered with 200 or 201 counts. About every second
 * something goes wrong, with a server or with the line to it; lines stay as they are until
 * something else comes, so that a server is killed while another is cut off and a third is slow.
 *
 * <p>Invariants: in the end every server has every revision that any of them has acknowledged; and
 * all have the same, conflicts and deleted documents included.
 *
 * <p>{@code -Pchaos}, or {@code -Dstave.kill.seconds=300}, for longer.
 */
class KilledServersTest {

  private static final int SECONDS = Integer.getInteger("stave.kill.seconds", 8);
  private static final int SERVERS = 3;
  private static final int CLIENTS = 3;
  private static final int SHARED = 10;
  private static final int PATIENCE_SECONDS = 300;
  private static final int ASKED_AT_ONCE = 5_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What goes wrong. */
  private enum Fault {
    KILL,
    SLEEP,
    /** It is cut off from the one before it and the one behind it. */
    PARTITION,
    LATENCY,
    SILENCE,
    TORN,
    /** All that was wrong with its lines is well again. */
    MENDED
  }

  @TempDir Path folder;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final ServerProcess[] servers = new ServerProcess[SERVERS];
  private final URI[] addresses = new URI[SERVERS];
  private final FaultyProxy[] lines = new FaultyProxy[SERVERS]; // to each
  private final Map<String, TreeSet<String>> acknowledged = new TreeMap<>(); // under its own lock
  private final long seed = Long.getLong("stave.kill.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean isOver;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    for (int i = 0; i < SERVERS; i++) {
      servers[i] = new ServerProcess(folder.resolve("s" + i));
      addresses[i] = servers[i].address();
      lines[i] = new FaultyProxy(addresses[i].getPort());
      send(i, "PUT", "notes", "");
      send(i, "PUT", "_replicator", "");
      send(i, "PUT", "_node/_local/_config/replicator/inner_addresses", "\"allow\"");
    }
    for (int i = 0; i < SERVERS; i++) {
      String next = "http://127.0.0.1:" + lines[next(i)].port() + "/notes";
      String job = "{\"source\": \"notes\", \"target\": \"" + next + "\", \"continuous\": true}";
      assertThat(send(i, "PUT", "_replicator/on", job).statusCode()).isEqualTo(201);
    }
  }

  private static int next(int server) {
    return (server + 1) % SERVERS;
  }

  @AfterEach
  void stop() throws IOException, InterruptedException {
    for (FaultyProxy line : lines) {
      if (line != null) {
        line.close();
      }
    }
    for (ServerProcess server : servers) {
      if (server != null) {
        server.kill();
      }
    }
  }

  private HttpResponse<String> send(int server, String method, String path, String body)
      throws IOException, InterruptedException {
    return send(server, method, path, body, Duration.ofSeconds(60));
  }

  private HttpResponse<String> send(
      int server, String method, String path, String body, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(addresses[server].resolve(path))
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void anythingFailsWhileClientsWrite_allHaveAllThatWasAcknowledged() throws Exception {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random own = new Random(seed + i);
      Thread thread = new Thread(() -> writeOn(own), "client-" + i);
      clients.add(thread);
      thread.start();
    }
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end) {
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      go(fault, random.nextInt(SERVERS));
      faults.merge(fault, 1, Integer::sum);
      Thread.sleep(300 + random.nextInt(1_000));
    }
    isOver = true;
    for (FaultyProxy line : lines) {
      line.become(FaultyProxy.Line.GOOD);
    }
    for (Thread thread : clients) {
      thread.join();
    }
    long healed = System.nanoTime();
    for (int server = 0; server < SERVERS; server++) {
      awaitAll(server);
    }
    String digest = awaitTheSame();
    long revisions = acknowledged.values().stream().mapToLong(TreeSet::size).sum();
    System.out.println(
        String.format(
            Locale.ROOT,
            "KilledServersTest: %d s, %,d revisions of %,d documents acknowledged, faults %s; all"
                + " on all %d servers %.1f s after the last fault, digest %s, seed %d",
            SECONDS,
            revisions,
            acknowledged.size(),
            faults,
            SERVERS,
            (System.nanoTime() - healed) / 1e9,
            digest,
            seed));
    assertThat(revisions).isPositive();
    assertThat(faults).isNotEmpty();
  }

  private void go(Fault fault, int server) throws IOException, InterruptedException {
    switch (fault) {
      case KILL -> {
        servers[server].kill();
        Thread.sleep(random.nextInt(1_500));
        int port = addresses[server].getPort();
        servers[server] = new ServerProcess(port, folder.resolve("s" + server));
      }
      case SLEEP -> {
        servers[server].suspend();
        Thread.sleep(random.nextInt(3_000));
        servers[server].wake();
      }
      case PARTITION -> become(server, FaultyProxy.Line.CUT);
      case LATENCY -> become(server, FaultyProxy.Line.SLOW);
      case SILENCE -> lines[server].become(FaultyProxy.Line.SILENT);
      case TORN -> lines[server].become(FaultyProxy.Line.TORN);
      case MENDED -> become(server, FaultyProxy.Line.GOOD);
    }
  }

  /** The line to a server, and the one from it. */
  private void become(int server, FaultyProxy.Line kind) {
    lines[server].become(kind);
    lines[next(server)].become(kind);
  }

  private void writeOn(Random own) {
    try {
      while (!isOver) {
        write(own.nextInt(SERVERS), own);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(int server, Random own) throws InterruptedException {
    boolean isShared = own.nextInt(3) == 0;
    int number = count.getAndIncrement();
    String id = isShared ? "shared-" + own.nextInt(SHARED) : "new-" + number;
    Duration patience = Duration.ofSeconds(2);
    try {
      String known = "";
      if (isShared) {
        HttpResponse<String> answer = send(server, "GET", "notes/" + id, "", patience);
        known = answer.statusCode() == 200 ? member(answer, "_rev") : "";
      }
      String path = "notes/" + id + (known.isEmpty() ? "" : "?rev=" + known);
      boolean deletes = !known.isEmpty() && own.nextInt(8) == 0;
      HttpResponse<String> answer =
          deletes
              ? send(server, "DELETE", path, "", patience)
              : send(server, "PUT", path, "{\"n\": " + number + "}", patience);
      if (answer.statusCode() == 201 || answer.statusCode() == 200) {
        synchronized (acknowledged) {
          acknowledged.computeIfAbsent(id, any -> new TreeSet<>()).add(member(answer, "rev"));
        }
      }
    } catch (IOException e) {
      // nobody has said that it is written
    }
  }

  private static String member(HttpResponse<String> answer, String name) throws IOException {
    return MAPPER.readTree(answer.body()).path(name).asText();
  }

  private void awaitAll(int server) throws IOException, InterruptedException {
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < PATIENCE_SECONDS; i++) {
      missing.clear();
      Map<String, TreeSet<String>> asked = new TreeMap<>();
      for (Map.Entry<String, TreeSet<String>> each : acknowledged.entrySet()) {
        asked.put(each.getKey(), each.getValue());
        if (asked.size() == ASKED_AT_ONCE) {
          addMissing(server, asked, missing);
          asked.clear();
        }
      }
      addMissing(server, asked, missing);
      if (missing.isEmpty()) {
        return;
      }
      Thread.sleep(1_000);
    }
    assertThat(missing).as("what server %s lacks, seed %s", server, seed).isEmpty();
  }

  private void addMissing(int server, Map<String, TreeSet<String>> asked, List<String> missing)
      throws IOException, InterruptedException {
    String body = MAPPER.writeValueAsString(asked);
    JsonNode answer = MAPPER.readTree(send(server, "POST", "notes/_revs_diff", body).body());
    answer.fieldNames().forEachRemaining(missing::add);
  }

  /** What was written and not acknowledged may be there or not, but on all of them. */
  private String awaitTheSame() throws IOException, InterruptedException {
    Set<String> digests = new TreeSet<>();
    for (int i = 0; i < PATIENCE_SECONDS; i++) {
      digests.clear();
      for (int server = 0; server < SERVERS; server++) {
        String question = "{\"bounds\": [\"\"]}";
        HttpResponse<String> answer = send(server, "POST", "notes/_digest", question);
        digests.add(MAPPER.readTree(answer.body()).at("/parts/0/digest").asText());
      }
      if (digests.size() == 1) {
        return digests.iterator().next();
      }
      Thread.sleep(1_000);
    }
    assertThat(digests).as("the servers differ, seed %s", seed).hasSize(1);
    return "";
  }
}
