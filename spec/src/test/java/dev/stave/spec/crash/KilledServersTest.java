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
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three servers in processes of their own, each of which replicates to the next without end over a
 * line that goes bad, are killed (SIGKILL) and started again, or put to sleep (SIGSTOP) and woken,
 * while a client writes to them.
 *
 * <p>Strategy: the client writes new documents, and edits a few that all servers have, so that they
 * come to be conflicts; what is answered with 201 counts. About every second something goes wrong:
 * with a server, or with the line to it.
 *
 * <p>Invariant: in the end every server has every revision that any of them has acknowledged.
 *
 * <p>{@code -Pchaos}, or {@code -Dstave.kill.seconds=300}, for longer.
 */
class KilledServersTest {

  private static final int SECONDS = Integer.getInteger("stave.kill.seconds", 8);
  private static final int SERVERS = 3;
  private static final int SHARED = 10;
  private static final int PATIENCE_SECONDS = 120;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ServerProcess[] servers = new ServerProcess[SERVERS];
  private final URI[] addresses = new URI[SERVERS];
  private final FaultyProxy[] lines = new FaultyProxy[SERVERS]; // to each
  private final Map<String, TreeSet<String>> acknowledged = new TreeMap<>();
  private final long seed = Long.getLong("stave.kill.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int count;

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
      String next = "http://127.0.0.1:" + lines[(i + 1) % SERVERS].port() + "/notes";
      String job = "{\"source\": \"notes\", \"target\": \"" + next + "\", \"continuous\": true}";
      assertThat(send(i, "PUT", "_replicator/on", job).statusCode()).isEqualTo(201);
    }
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
    HttpRequest request =
        HttpRequest.newBuilder(addresses[server].resolve(path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void anythingFailsWhileClientsWrite_allHaveAllThatWasAcknowledged()
      throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    long next = System.nanoTime();
    int faults = 0;
    while (System.nanoTime() < end) {
      if (System.nanoTime() >= next) {
        fault(random.nextInt(SERVERS));
        faults++;
        next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(1_000));
      }
      write(random.nextInt(SERVERS));
    }
    for (FaultyProxy line : lines) {
      line.become(FaultyProxy.Line.GOOD);
    }
    long revisions = acknowledged.values().stream().mapToLong(TreeSet::size).sum();
    System.out.println(
        "KilledServersTest: " + revisions + " revisions, " + faults + " faults, seed " + seed);
    assertThat(faults).isPositive();
    for (int server = 0; server < SERVERS; server++) {
      awaitAll(server);
    }
  }

  private void fault(int server) throws IOException, InterruptedException {
    switch (random.nextInt(4)) {
      case 0:
        restart(server);
        break;
      case 1:
        servers[server].suspend();
        writeToOthers(server);
        servers[server].wake();
        break;
      default:
        FaultyProxy.Line[] kinds = FaultyProxy.Line.values();
        lines[server].become(kinds[random.nextInt(kinds.length)]);
    }
  }

  private void restart(int server) throws IOException, InterruptedException {
    servers[server].kill();
    writeToOthers(server);
    servers[server] = new ServerProcess(addresses[server].getPort(), folder.resolve("s" + server));
  }

  private void writeToOthers(int server) throws InterruptedException {
    for (int i = random.nextInt(30); i > 0; i--) {
      write((server + 1 + random.nextInt(SERVERS - 1)) % SERVERS);
    }
  }

  private void write(int server) throws InterruptedException {
    boolean isShared = random.nextInt(3) == 0;
    String id = isShared ? "shared-" + random.nextInt(SHARED) : "new-" + count;
    try {
      String known = isShared ? revision(server, id) : "";
      String path = "notes/" + id + (known.isEmpty() ? "" : "?rev=" + known);
      HttpResponse<String> answer = send(server, "PUT", path, "{\"n\": " + count++ + "}");
      if (answer.statusCode() == 201) {
        String revision = MAPPER.readTree(answer.body()).path("rev").asText();
        acknowledged.computeIfAbsent(id, any -> new TreeSet<>()).add(revision);
      }
    } catch (IOException e) {
      // nobody has said that it is written
    }
  }

  private String revision(int server, String id) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(server, "GET", "notes/" + id, "");
    return answer.statusCode() == 200 ? MAPPER.readTree(answer.body()).path("_rev").asText() : "";
  }

  private void awaitAll(int server) throws IOException, InterruptedException {
    String asked = MAPPER.writeValueAsString(acknowledged);
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < PATIENCE_SECONDS * 5; i++) {
      JsonNode answer = MAPPER.readTree(send(server, "POST", "notes/_revs_diff", asked).body());
      missing.clear();
      answer.fieldNames().forEachRemaining(missing::add);
      if (missing.isEmpty()) {
        return;
      }
      Thread.sleep(200);
    }
    assertThat(missing).as("what server %s lacks, seed %s", server, seed).isEmpty();
  }
}
