package dev.stave.spec.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.DatabaseCheck;
import dev.stave.database.IdRange;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.revision.Revision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes is killed again and again: what it was told is durable is there.
 *
 * <p>Strategy: {@link CrashWriter} runs in a JVM of its own and is killed (SIGKILL) at a random
 * moment after its first commit; the folder is opened and checked, and goes on to the next round,
 * so that what recovery made is recovered in turn. Every so many rounds a new folder begins, since
 * the first moments of a database are worth crashes too.
 *
 * <p>Invariants: every byte and every row that the kill left checks out; every document is as its
 * last acknowledged write left it, attachment and all, or as the one write that was under way would
 * have; that one is there as a whole or not at all; the index answers as a scan does; the feed
 * names each document once, at its winner; the counts are right.
 *
 * <p>{@code -Pproof}, or {@code -Dstave.crash.rounds=1000}, for more rounds, {@code
 * -Dstave.crash.seed=…} for the same writes again; when a kill falls is the machine's business.
 */
class CrashTest {

  private static final int ROUNDS = Integer.getInteger("stave.crash.rounds", 60);
  private static final long SEED = Long.getLong("stave.crash.seed", System.nanoTime());
  private static final int ROUNDS_IN_A_FOLDER = 30;

  @TempDir Path folders;

  /** What one child said before it died. */
  private record Told(List<String> acknowledged, Optional<String> underWay) {}

  /** The number of each live document; a deleted or absent one has none. */
  private final Map<String, Long> expected = new TreeMap<>();

  private long number;

  @Test
  void kill_atAnyMoment_losesAndTearsNothing() throws Exception {
    System.out.println("CrashTest: -Dstave.crash.seed=" + SEED + " rounds=" + ROUNDS);
    Random random = new Random(SEED);
    int commits = 0;
    Set<String> files = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Path folder = folders.resolve("folder-" + round / ROUNDS_IN_A_FOLDER);
      if (round % ROUNDS_IN_A_FOLDER == 0) {
        expected.clear();
      }
      Told told = writeAndKill(folder, random);
      told.acknowledged().forEach(this::expect);
      commits += told.acknowledged().size();
      files.addAll(segments(folder));
      assertThat(DatabaseCheck.of(folder).problems()).as("seed " + SEED + ", " + round).isEmpty();
      try (Database database = Database.open(folder)) {
        settle(database, told.underWay());
        check(database);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + SEED + ", round " + round + ", " + folder, e);
      }
    }
    System.out.println("CrashTest: " + commits + " commits, " + files.size() + " segments seen");
    assertThat(files).as("segments").hasSizeGreaterThan(ROUNDS / 10);
    assertThat(commits).isGreaterThan(ROUNDS);
  }

  private static List<String> segments(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".rows"))
          .collect(Collectors.toList());
    }
  }

  private Told writeAndKill(Path folder, Random random) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                CrashWriter.class.getName(),
                folder.toString(),
                Long.toString(random.nextLong()),
                Long.toString(number))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    String underWay = null;
    int killAfterMillis = 20 + random.nextInt(380);
    try (BufferedReader said = writer.inputReader()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        if (line.equals("ack")) {
          if (acknowledged.isEmpty()) {
            killLater(writer, killAfterMillis);
          }
          acknowledged.add(underWay);
          underWay = null;
        } else if (line.startsWith("try ")) {
          underWay = line;
        }
      }
    } finally {
      writer.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    assertThat(acknowledged).as("the writer died before its first commit").isNotEmpty();
    return new Told(acknowledged, Optional.ofNullable(underWay));
  }

  private static void killLater(Process writer, int millis) {
    Thread killer =
        new Thread(
            () -> {
              try {
                Thread.sleep(millis);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              writer.toHandle().destroyForcibly(); // unlike the process, leaves its pipe readable
            });
    killer.setDaemon(true);
    killer.start();
  }

  private void expect(String line) {
    expected.putAll(written(line));
    if (line.startsWith("try delete ")) {
      expected.remove(line.split(" ", -1)[2]);
    }
    number = Math.max(number, expected.values().stream().mapToLong(n -> n).max().orElse(0));
  }

  /** The documents that a line puts. */
  private static Map<String, Long> written(String line) {
    String[] words = line.split(" ", -1);
    Map<String, Long> written = new HashMap<>();
    if (words[1].equals("put")) {
      written.put(words[2], Long.parseLong(words[3]));
    } else if (words[1].equals("batch")) {
      for (int i = 0; i < CrashWriter.BATCH_SIZE; i++) {
        written.put(CrashWriter.batchId(Integer.parseInt(words[2]), i), Long.parseLong(words[3]));
      }
    }
    return written;
  }

  /** Takes the write that was under way for done if any of it is there; then all of it must be. */
  private void settle(Database database, Optional<String> underWay) {
    // A line that the kill cut short names no commit that could have begun.
    if (underWay.isEmpty()
        || !underWay.get().matches("try (put|batch) \\S+ \\d+|try delete \\S+")) {
      return;
    }
    String line = underWay.get();
    boolean done =
        line.startsWith("try delete ")
            ? database.get(line.split(" ", -1)[2]).isEmpty()
            : written(line).entrySet().stream()
                .anyMatch(e -> numberOf(database, e.getKey()).equals(Optional.of(e.getValue())));
    if (done) {
      expect(line);
    }
    number += 2; // of the write that was under way, done or not
  }

  private static Optional<Long> numberOf(Database database, String id) {
    return database.get(id).map(document -> document.body().sharedTree().get("number").asLong());
  }

  private void check(Database database) {
    Map<String, Document> documents = new TreeMap<>();
    database.forEach(
        IdRange.ALL,
        document -> {
          documents.put(document.id(), document);
          return true;
        });
    assertThat(documents.keySet()).isEqualTo(expected.keySet());
    documents.forEach(
        (id, document) -> {
          assertThat(document.body()).as(id).isEqualTo(CrashWriter.body(id, expected.get(id)));
          assertThat(database.get(id)).contains(document);
          checkAttachment(database, document, CrashWriter.attachment(id, expected.get(id)));
        });
    assertThat(database.count()).isEqualTo(expected.size());
    checkIndex(database, documents);
    checkFeed(database, documents);
  }

  private static void checkAttachment(Database database, Document document, byte[] expected) {
    if (expected.length == 0) {
      assertThat(document.attachments()).as(document.id()).isEmpty();
      return;
    }
    Attachment attachment = document.attachments().get("noise");
    try (InputStream in = database.attachments().open(attachment)) {
      assertThat(Arrays.equals(in.readAllBytes(), expected)).as(document.id()).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void checkIndex(Database database, Map<String, Document> documents) {
    long middle =
        documents.values().stream()
            .mapToLong(document -> document.body().sharedTree().get("number").asLong())
            .sorted()
            .skip(documents.size() / 2)
            .findFirst()
            .orElse(0);
    for (String json :
        List.of(
            "{'parity': 'even'}",
            "{'number': {'$gte': " + middle + "}}",
            "{'nested.tens[]': 3}",
            "{'$or': [{'nested.tens': {'$all': [1]}}, {'parity': {'$ne': 'odd'}}]}",
            "{'number': {'$exists': false}}",
            "{}")) {
      Selector selector = Selector.parse(json.replace('\'', '"'));
      List<String> scanned =
          documents.values().stream()
              .filter(document -> selector.matches(document.id(), document.body().sharedTree()))
              .map(Document::id)
              .sorted()
              .collect(Collectors.toList());
      assertThat(database.find(Query.of(selector)))
          .as(json)
          .extracting(Document::id)
          .containsExactlyInAnyOrderElementsOf(scanned);
    }
  }

  private static void checkFeed(Database database, Map<String, Document> documents) {
    List<Change> changes = database.changes(0, Integer.MAX_VALUE);
    assertThat(changes).extracting(Change::id).doesNotHaveDuplicates();
    assertThat(changes).extracting(Change::sequence).isSorted();
    Set<String> live = new TreeSet<>();
    for (Change change : changes) {
      Revision winner = database.tree(change.id()).winner().orElseThrow();
      assertThat(change.revision()).as(change.id()).isEqualTo(winner.id());
      assertThat(change.deleted()).as(change.id()).isEqualTo(winner.deleted());
      assertThat(change.sequence()).isLessThanOrEqualTo(database.lastSequence());
      if (!change.deleted()) {
        live.add(change.id());
      }
    }
    assertThat(live).isEqualTo(documents.keySet());
    assertThat(database.deletedCount()).isEqualTo(changes.size() - live.size());
  }
}
