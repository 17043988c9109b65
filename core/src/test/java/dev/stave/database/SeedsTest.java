package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.StorageException;
import dev.stave.watch.Watch;
import dev.stave.watch.WatchEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a database gives of itself, and what another one makes of it. */
final class SeedsTest {

  @TempDir Path folder;

  private static JsonObject json(String text) {
    return JsonObject.parse(text.replace('\'', '"'));
  }

  private static Selector selector(String text) {
    return Selector.of(json(text).sharedTree());
  }

  private Database open(String name) {
    return Database.open(folder.resolve(name));
  }

  private static void fill(Database database, int from, int to) {
    WriteBatch batch = new WriteBatch();
    String text = "x".repeat(700);
    for (int i = from; i < to; i++) {
      batch.put("d-" + i, json("{'n': " + i + ", 'text': '" + text + "'}"));
    }
    database.write(batch);
  }

  private static IncomingSeed receive(Database database, Seed seed) {
    return database.seeds().receive(seed.id(), seed.sequence(), seed.files());
  }

  /** As a network does it: piece by piece, {@code pieces} of them at most. */
  static void fetch(Seed seed, IncomingSeed incoming, int pieces) throws IOException {
    for (int i = 0; i < pieces; i++) {
      Optional<IncomingSeed.Piece> next = incoming.next(10_000);
      if (next.isEmpty()) {
        return;
      }
      IncomingSeed.Piece piece = next.get();
      byte[] bytes = new byte[piece.length()];
      try (RandomAccessFile file =
          new RandomAccessFile(seed.file(piece.file()).orElseThrow().toFile(), "r")) {
        file.seek(piece.offset());
        file.readFully(bytes);
      }
      incoming.write(piece, bytes);
    }
  }

  private static boolean install(IncomingSeed incoming) {
    return incoming.install("seeded", json("{'yes': true}"));
  }

  private static boolean take(Seed seed, Database target) throws IOException {
    IncomingSeed incoming = receive(target, seed);
    fetch(seed, incoming, Integer.MAX_VALUE);
    return install(incoming);
  }

  @Test
  void install_emptyDatabase_hasDocumentsHistoriesAttachmentsAndIndex() throws IOException {
    try (Database source = open("source");
        Database target = open("target")) {
      fill(source, 0, 2_000);
      RevisionId first = source.get("d-1").orElseThrow().revision();
      RevisionId second = source.put("d-1", first, json("{'n': -1}"));
      source.delete("d-2", source.get("d-2").orElseThrow().revision());
      RevisionId a = source.put("a", json("{}"));
      source
          .attachments()
          .put(
              "a",
              a,
              "note",
              "text/plain",
              new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)));
      String own = target.uuid();
      Seed seed = source.seeds().give();

      assertThat(take(seed, target)).isTrue();

      assertThat(target.uuid()).isEqualTo(own).isNotEqualTo(source.uuid());
      assertThat(target.count()).isEqualTo(source.count()).isEqualTo(2_000);
      assertThat(target.lastSequence()).isEqualTo(source.lastSequence());
      assertThat(target.changes(0, 10_000)).isEqualTo(source.changes(0, 10_000));
      assertThat(target.tree("d-1").winner().orElseThrow().id()).isEqualTo(second);
      assertThat(target.get("d-1", first)).isEqualTo(source.get("d-1", first)).isPresent();
      assertThat(target.count(selector("{'n': {'$lt': 10}}"))).isEqualTo(9);
      Attachment note = target.get("a").orElseThrow().attachments().get("note");
      assertThat(target.attachments().open(note).readAllBytes())
          .isEqualTo("hello".getBytes(StandardCharsets.UTF_8));
      assertThat(target.checkIndex()).isEmpty();
      fill(target, 5_000, 5_100);
      assertThat(target.count()).isEqualTo(2_100);
    }
    assertThat(DatabaseCheck.of(folder.resolve("target")).problems()).isEmpty();
    try (Database again = open("target")) {
      assertThat(again.count()).isEqualTo(2_100);
      assertThat(again.checkIndex()).isEmpty();
      assertThat(folder.resolve("target/seeds/incoming")).doesNotExist();
    }
  }

  @Test
  void install_openHandle_feedAndWatchesTellOfIt() throws Exception {
    try (Database source = open("source");
        Database target = open("target")) {
      fill(source, 0, 100);
      List<Long> told = new ArrayList<>();
      target.onCommit(told::add);
      List<Document> before = new ArrayList<>();
      Watch watch = target.watch(selector("{'n': {'$lt': 3}}"), before::add);

      take(source.seeds().give(), target);

      assertThat(told).containsExactly(100L);
      assertThat(before).isEmpty();
      List<String> added = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        WatchEvent event = watch.poll(Duration.ofSeconds(10)).orElseThrow();
        added.add(((WatchEvent.Added) event).document().id());
      }
      assertThat(added).containsExactlyInAnyOrder("d-0", "d-1", "d-2");
    }
  }

  @Test
  void install_ownSettingsAndLocalDocuments_stay() throws IOException {
    try (Database source = open("source");
        Database target = open("target")) {
      fill(source, 0, 10);
      source.putLocal("secret", json("{'of': 'source'}"));
      source.setRetention(new Retention(100, 1));
      target.putLocal("mine", json("{'a': 1}"));

      take(source.seeds().give(), target);

      assertThat(target.getLocal("mine")).contains(json("{'a': 1}"));
      assertThat(target.getLocal("seeded")).contains(json("{'yes': true}"));
      assertThat(target.getLocal("secret")).isEmpty();
      assertThat(target.retention()).isEqualTo(Retention.DEFAULT);
    }
  }

  @Test
  void give_privateAndPurged_isInNoFile() throws IOException {
    try (Database source = open("source")) {
      fill(source, 0, 3_000);
      String padding = "p".repeat(600);
      source.putLocal("l", json("{'key': 'local-secret', 'pad': '" + padding + "'}"));
      source.put("gone", json("{'key': 'purged-secret', 'pad': '" + padding + "'}"));
      source.compact(); // it is in files now
      RevisionId leaf = source.get("gone").orElseThrow().revision();
      source.purge(Map.of("gone", List.of(leaf)));

      Seed seed = source.seeds().give();

      for (SeedFile file : seed.files()) {
        String bytes =
            Files.readString(seed.file(file.name()).orElseThrow(), StandardCharsets.ISO_8859_1);
        assertThat(bytes).as(file.name()).doesNotContain("local-secret", "purged-secret");
        assertThat(bytes).doesNotContain(source.uuid());
      }
    }
  }

  @Test
  void give_littleHasChanged_isTheSame() {
    try (Database source = open("source")) {
      fill(source, 0, 10);
      Seed seed = source.seeds().give();

      fill(source, 10, 20);

      assertThat(source.seeds().give()).isEqualTo(seed);
      assertThat(source.seeds().find(seed.id())).contains(seed);
      assertThat(source.seeds().find("../" + seed.id())).isEmpty();
      fill(source, 100, 2_000);
      assertThat(source.seeds().give().sequence()).isEqualTo(source.lastSequence());
      assertThat(source.seeds().find(seed.id())).contains(seed); // somebody may be fetching it
    }
  }

  @Test
  void receive_brokenOff_goesOnWithWhatIsThere() throws IOException {
    try (Database source = open("source")) {
      fill(source, 0, 500);
      Seed seed = source.seeds().give();
      try (Database target = open("target")) {
        fetch(seed, receive(target, seed), 5);
      }

      try (Database target = open("target")) {
        IncomingSeed incoming = receive(target, seed);
        long there;
        try (Stream<Path> files = Files.walk(folder.resolve("target/seeds/incoming/files"))) {
          there = files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
        }
        assertThat(there).isPositive();
        fetch(seed, incoming, Integer.MAX_VALUE);
        assertThat(install(incoming)).isTrue();
        assertThat(target.count()).isEqualTo(500);
      }
    }
  }

  @Test
  void install_ownRowsAreInFilesAlready_takesIt() throws IOException {
    try (Database source = open("source")) {
      fill(source, 0, 500);
      Seed seed = source.seeds().give();
      try (Database target = open("target")) {
        target.putLocal("mine", json("{'a': 1}"));
        IncomingSeed incoming = receive(target, seed);
        fetch(seed, incoming, Integer.MAX_VALUE);
        for (int i = 0; i < 40; i++) {
          target.fork("f" + i).close(); // takes numbers, and ends logs
        }
        target.compact(); // as a crash in the middle of an earlier attempt leaves it

        assertThat(install(incoming)).isTrue();
        assertThat(target.count()).isEqualTo(500);
        assertThat(target.getLocal("mine")).isPresent();
      }
      try (Database target = open("target")) {
        assertThat(target.count()).isEqualTo(500);
        assertThat(target.getLocal("mine")).isPresent();
        assertThat(target.checkIndex()).isEmpty();
      }
      assertThat(DatabaseCheck.of(folder.resolve("target")).problems()).isEmpty();
    }
  }

  @Test
  void install_somethingWasWritten_changesNothing() throws IOException {
    try (Database source = open("source");
        Database target = open("target")) {
      fill(source, 0, 10);
      Seed seed = source.seeds().give();
      IncomingSeed incoming = receive(target, seed);
      fetch(seed, incoming, Integer.MAX_VALUE);
      RevisionId mine = target.put("mine", json("{}"));

      assertThat(install(incoming)).isFalse();

      assertThat(target.count()).isEqualTo(1);
      assertThat(target.get("mine").orElseThrow().revision()).isEqualTo(mine);
      assertThat(target.seeds().canTake()).isFalse();
    }
  }

  @Test
  void install_aByteIsWrong_refusesAndChangesNothing() throws IOException {
    try (Database source = open("source");
        Database target = open("target")) {
      fill(source, 0, 1_000);
      Seed seed = source.seeds().give();
      for (SeedFile file : seed.files()) {
        IncomingSeed incoming = receive(target, seed);
        fetch(seed, incoming, Integer.MAX_VALUE);
        Path damaged = folder.resolve("target/seeds/incoming/files").resolve(file.name());
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 4;
        Files.write(damaged, bytes);

        assertThatThrownBy(() -> install(incoming))
            .as(file.name())
            .isInstanceOfAny(InvalidSeedException.class, StorageException.class);
        assertThat(target.lastSequence()).isZero();
        target.seeds().forgetIncoming();
      }
      assertThat(take(seed, target)).isTrue();
      assertThat(target.count()).isEqualTo(1_000);
    }
  }

  @Test
  void receive_whatIsNoSeed_isRefused() {
    List<List<SeedFile>> hostile =
        List.of(
            List.of(),
            List.of(new SeedFile("MANIFEST", -1)),
            List.of(new SeedFile("MANIFEST", Long.MAX_VALUE)),
            List.of(new SeedFile("../x", 1), new SeedFile("MANIFEST", 1)),
            List.of(new SeedFile("LOCK", 1), new SeedFile("MANIFEST", 1)),
            List.of(new SeedFile("0000000001.rows", 1)),
            List.of(
                new SeedFile("0000000001.rows", 1),
                new SeedFile("0000000001.rows", 1),
                new SeedFile("MANIFEST", 1)),
            List.of(
                new SeedFile("0000000001.rows", Long.MAX_VALUE),
                new SeedFile("0000000002.rows", Long.MAX_VALUE),
                new SeedFile("MANIFEST", 1)));
    try (Database target = open("target")) {
      for (List<SeedFile> files : hostile) {
        assertThatThrownBy(() -> target.seeds().receive("1-1-a", 1, files))
            .as(files.toString())
            .isInstanceOf(InvalidSeedException.class);
      }
      assertThatThrownBy(() -> target.seeds().receive("../x", 1, List.of()))
          .isInstanceOf(InvalidSeedException.class);
    }
  }

  @Test
  void canTake_inMemory_cannot() {
    try (Database memory = Database.inMemory()) {
      assertThat(memory.seeds().canTake()).isFalse();
      assertThatThrownBy(() -> memory.seeds().give())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void install_conflictsAndDeletedOnes_areTheSame() throws IOException {
    try (Database source = open("source");
        Database target = open("target")) {
      RevisionId base = source.put("c", json("{'v': 1}"));
      source.put("c", base, json("{'v': 2}"));
      RevisionPath other = new RevisionPath(List.of(RevisionId.parse("2-aaaa"), base), false);
      source.write(new WriteBatch().graft("c", other, json("{'v': 3}")));

      take(source.seeds().give(), target);

      assertThat(target.tree("c").leaves()).isEqualTo(source.tree("c").leaves());
      assertThat(target.find(Query.where("{\"v\": {\"$gt\": 0}}")))
          .isEqualTo(source.find(Query.where("{\"v\": {\"$gt\": 0}}")));
    }
  }
}
