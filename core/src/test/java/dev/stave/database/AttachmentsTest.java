package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachmentsTest {

  private static final JsonObject BODY = JsonObject.parse("{\"n\":1}");

  @TempDir private Path folder;
  private final MemoryStorage storage = new MemoryStorage();
  private Database database = Database.opened(storage, DatabaseOptions.DEFAULT, 1 << 20);

  @AfterEach
  void rowsAreRight() {
    try (var rows = storage.snapshot()) {
      assertThat(DatabaseCheck.problems(rows)).isEmpty();
    }
    database.close();
  }

  static byte[] noise(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private AttachmentUpload store(Database into, byte[] bytes) {
    try {
      return into.attachments().store("application/octet-stream", new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private RevisionId put(String id, RevisionId parent, String name, byte[] bytes) {
    try (AttachmentUpload upload = store(database, bytes)) {
      return parent == null
          ? database.put(id, BODY, Map.of(name, upload.finish()))
          : database.put(id, parent, BODY, Map.of(name, upload.finish()));
    }
  }

  private static byte[] read(Database database, Attachment attachment) {
    try (InputStream in = database.attachments().open(attachment)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Attachment attachment(String id, String name) {
    return database.get(id).orElseThrow().attachments().get(name);
  }

  private long stored() {
    return database.attachments().totals().count();
  }

  @Test
  void put_withAnAttachment_tellsWhatItIsAndGivesItsBytes() {
    byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);

    put("a", null, "greeting.bin", bytes);

    Attachment attachment = attachment("a", "greeting.bin");
    assertThat(attachment.contentType()).isEqualTo("application/octet-stream");
    assertThat(attachment.length()).isEqualTo(5);
    assertThat(attachment.digest()).isEqualTo("md5-XUFAKrxLKna5cZ2REBfFkg==");
    assertThat(attachment.sha256())
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assertThat(attachment.encoding()).isNull();
    assertThat(attachment.revpos()).isEqualTo(1);
    assertThat(read(database, attachment)).isEqualTo(bytes);
  }

  @Test
  void put_ofAnyLength_givesBackTheSame() {
    int piece = BlobRows.PIECE_BYTES;
    int[] lengths = {0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 7};
    for (int length : lengths) {
      byte[] bytes = noise(length, length);

      put("d" + length, null, "x", bytes);

      assertThat(read(database, attachment("d" + length, "x"))).isEqualTo(bytes);
    }
  }

  @Test
  void put_equalBytes_areStoredOnceUntilNobodyHasThem() {
    byte[] bytes = noise(1, 600_000);
    RevisionId first = put("a", null, "x", bytes);
    RevisionId second = put("b", null, "y", bytes);
    assertThat(stored()).isEqualTo(1);
    assertThat(database.attachments().totals().bytes()).isEqualTo(600_000);

    database.delete("a", first);
    assertThat(stored()).isEqualTo(1);
    assertThat(read(database, attachment("b", "y"))).isEqualTo(bytes);
    database.delete("b", second);
  }

  @Test
  void retention_bodiesForgotten_collectsTheirBytes() {
    Database small = SmallDatabases.inMemory(DatabaseOptions.DEFAULT.withRetention(1_000, 0));
    RevisionId at = null;
    for (int i = 0; i < 5; i++) {
      try (AttachmentUpload upload = store(small, noise(i, 300_000))) {
        Map<String, Attachment> one = Map.of("x", upload.finish());
        at = at == null ? small.put("a", BODY, one) : small.put("a", at, BODY, one);
      }
    }

    assertThat(small.attachments().totals()).isEqualTo(new Attachments.Totals(1, 300_000));
    small.put("a", at, BODY, Map.of());
    assertThat(small.attachments().totals()).isEqualTo(new Attachments.Totals(0, 0));
    small.close();
  }

  @Test
  void put_withoutSayingAnything_keepsAttachmentsAndWhenTheyCame() {
    RevisionId first = put("a", null, "x", noise(1, 10));

    RevisionId second = database.put("a", first, JsonObject.parse("{\"n\":2}"));

    Document document = database.get("a").orElseThrow();
    assertThat(document.revision()).isEqualTo(second);
    assertThat(document.attachments().get("x").revpos()).isEqualTo(1);
    assertThat(second)
        .isEqualTo(
            RevisionId.of(
                first,
                false,
                document.body().sharedTree(),
                Attachment.identity(document.attachments())));
  }

  @Test
  void put_withSomeOfThem_keepsThoseAlone() {
    RevisionId first = put("a", null, "x", noise(1, 10));
    Map<String, Attachment> both = new TreeMap<>(database.get("a").orElseThrow().attachments());
    RevisionId second;
    try (AttachmentUpload upload = store(database, noise(2, 20))) {
      both.put("y", upload.finish());
      second = database.put("a", first, BODY, both);
    }
    assertThat(attachment("a", "x").revpos()).isEqualTo(1);
    assertThat(attachment("a", "y").revpos()).isEqualTo(2);

    database.put("a", second, BODY, Map.of("y", attachment("a", "y")));

    assertThat(database.get("a").orElseThrow().attachments()).containsOnlyKeys("y");
    assertThat(read(database, database.get("a", first).orElseThrow().attachments().get("x")))
        .isEqualTo(noise(1, 10));
  }

  @Test
  void delete_anyDocument_hasNoAttachments() {
    RevisionId first = put("a", null, "x", noise(1, 10));

    RevisionId tombstone = database.delete("a", first);

    assertThat(database.get("a", tombstone).orElseThrow().attachments()).isEmpty();
    database.put("a", BODY);
    assertThat(database.get("a").orElseThrow().attachments()).isEmpty();
  }

  @Test
  void revision_attachmentsDiffer_isAnother() {
    RevisionId plain = database.put("a", BODY);
    RevisionId withOne = put("b", null, "x", noise(1, 10));
    RevisionId same = put("c", null, "x", noise(1, 10));
    RevisionId otherName = put("d", null, "y", noise(1, 10));
    RevisionId otherBytes = put("e", null, "x", noise(2, 10));

    assertThat(plain).isEqualTo(RevisionId.of(null, false, BODY.sharedTree()));
    assertThat(same).isEqualTo(withOne);
    assertThat(List.of(plain, withOne, otherName, otherBytes)).doesNotHaveDuplicates();
  }

  /** It hid why the database was closed, or why what was brought over was not written. */
  @Test
  void copy_closedAfterTheDatabase_saysNothing() {
    Database target = Database.inMemory();
    put("a", null, "x", noise(1, 10));
    Attachment original = database.get("a").orElseThrow().attachments().get("x");
    try (Attachments.Held first = target.attachments().copy(database, original);
        Attachments.Held again = target.attachments().copy(database, original)) {
      target.close();
    }
  }

  @Test
  void put_bytesThatAreNotHere_isRefused() {
    Attachment foreign;
    try (Database other = Database.inMemory();
        AttachmentUpload upload = store(other, noise(9, 9))) {
      foreign = upload.finish();
    }

    assertThatThrownBy(() -> database.put("a", BODY, Map.of("x", foreign)))
        .isInstanceOf(MissingAttachmentException.class)
        .hasMessageContaining("document=a, name=x, digest=" + foreign.digest());
    assertThatThrownBy(() -> database.transact(t -> t.put("a", BODY, Map.of("x", foreign))))
        .isInstanceOf(MissingAttachmentException.class);
    List<WriteResult> results =
        database.writeEach(
            new WriteBatch()
                .put("a", null, BODY, Map.of("x", foreign))
                .put("b", BODY)
                .graft(
                    "c",
                    new RevisionPath(List.of(RevisionId.parse("1-c")), false),
                    BODY,
                    Map.of("x", foreign),
                    Map.of()));
    assertThat(results.get(0))
        .isEqualTo(new WriteResult.MissingAttachment("a", "x", foreign.withRevpos(1)));
    assertThat(results.get(1)).isInstanceOf(WriteResult.Written.class);
    assertThat(results.get(2)).isInstanceOf(WriteResult.MissingAttachment.class);
    assertThat(database.get("a")).isEmpty();
    assertThatThrownBy(() -> database.attachments().open(foreign))
        .isInstanceOf(MissingAttachmentException.class);
  }

  @Test
  void transact_bytesBroughtInMeanwhile_areTaken() {
    try (AttachmentUpload upload = store(database, noise(3, 30))) {
      database.transact(
          t -> {
            RevisionId first = t.put("a", BODY, Map.of("x", upload.finish()));
            return t.put("a", first, JsonObject.parse("{}"));
          });
    }

    assertThat(read(database, attachment("a", "x"))).isEqualTo(noise(3, 30));
  }

  @Test
  void upload_closedWithoutADocument_leavesNothing() {
    AttachmentUpload whole = store(database, noise(1, 700_000));
    AttachmentUpload half = database.attachments().begin("text/plain");
    half.write(noise(2, 600_000));
    AttachmentUpload again = store(database, noise(1, 700_000));

    whole.close();
    assertThat(stored()).isEqualTo(1); // it is held still
    again.close();
    again.close();
    half.close();

    assertThat(stored()).isZero();
    assertThat(rows('d')).isZero();
    assertThat(rows('e')).isZero();
    assertThatThrownBy(half::finish).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> half.write(1)).isInstanceOf(IllegalStateException.class);
  }

  private long rows(char prefix) {
    byte[] from = {(byte) prefix};
    byte[] to = {(byte) (prefix + 1)};
    long count = 0;
    try (var rows = storage.snapshot()) {
      for (var row = rows.scan(from, to); row.hasNext(); row.next()) {
        count++;
      }
    }
    return count;
  }

  @Test
  void open_afterUploadsThatDidNotEnd_collectsThem() {
    put("a", null, "x", noise(1, 500_000));
    store(database, noise(2, 500_000)); // never closed
    database.attachments().begin("text/plain").write(noise(3, 900_000), 0, 900_000);
    assertThat(rows('e')).isEqualTo(2);

    try (Database next = Database.opened(storage.copy(), DatabaseOptions.DEFAULT, 1 << 20)) {
      assertThat(next.attachments().totals().count()).isEqualTo(1);
      assertThat(read(next, next.get("a").orElseThrow().attachments().get("x")))
          .isEqualTo(noise(1, 500_000));
    }
  }

  @Test
  void held_bytesThatTheLastDocumentLoses_stay() {
    Database small = SmallDatabases.inMemory(DatabaseOptions.DEFAULT.withRetention(1_000, 0));
    try (AttachmentUpload upload = store(small, noise(1, 10))) {
      RevisionId first = small.put("a", BODY, Map.of("x", upload.finish()));
      small.put("a", first, BODY, Map.of());
      small.put("b", BODY, Map.of("x", upload.finish()));
    }

    assertThat(read(small, small.get("b").orElseThrow().attachments().get("x")))
        .isEqualTo(noise(1, 10));
    small.close();
  }

  @Test
  void open_deletedMeanwhile_readsOn() throws IOException {
    Database small = SmallDatabases.inMemory(DatabaseOptions.DEFAULT.withRetention(1_000, 0));
    byte[] bytes = noise(1, 900_000);
    try (AttachmentUpload upload = store(small, bytes)) {
      small.put("a", BODY, Map.of("x", upload.finish()));
    }
    Document document = small.get("a").orElseThrow();
    try (InputStream in = small.attachments().open(document.attachments().get("x"))) {
      assertThat(in.skip(10)).isEqualTo(10);
      small.put("a", document.revision(), BODY, Map.of());
      assertThat(small.attachments().totals().count()).isZero();

      byte[] rest = in.readAllBytes();

      assertThat(rest).hasSize(899_990).endsWith(bytes[899_999]).startsWith(bytes[10]);
    }
    small.close();
  }

  @Test
  void open_skippedIntoTheMiddle_readsFromThere() throws IOException {
    byte[] bytes = noise(1, 1_000_000);
    put("a", null, "x", bytes);

    try (InputStream in = database.attachments().open(attachment("a", "x"))) {
      assertThat(in.skip(700_001)).isEqualTo(700_001);
      assertThat(in.read()).isEqualTo(bytes[700_001] & 0xff);
      assertThat(in.skip(10_000_000)).isEqualTo(1_000_000 - 700_002);
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.skip(-1)).isZero();
    }
  }

  @Test
  void compressed_storedByGzip_readsAsItWas() throws IOException {
    byte[] text = "tell me again ".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    try (AttachmentUpload upload = database.attachments().beginCompressed("text/plain")) {
      upload.write(text);
      database.put("a", BODY, Map.of("t.txt", upload.finish()));
    }

    Attachment attachment = attachment("a", "t.txt");
    assertThat(attachment.encoding()).isEqualTo("gzip");
    assertThat(attachment.length()).isEqualTo(text.length);
    assertThat(attachment.storedLength()).isLessThan(text.length / 10);
    assertThat(read(database, attachment)).isEqualTo(text);
    byte[] stored;
    try (InputStream in = database.attachments().openStored(attachment)) {
      stored = in.readAllBytes();
    }
    assertThat(stored).hasSize((int) attachment.storedLength());
    try (AttachmentUpload upload = database.attachments().beginEncoded("text/plain", text.length)) {
      upload.write(stored);
      assertThat(upload.finish().isSame(attachment)).isTrue();
    }
  }

  @Test
  void attachments_putAndRemove_changeOne() throws IOException {
    RevisionId first =
        database.attachments().put("a", null, "x", "a/b", new ByteArrayInputStream(noise(1, 5)));
    RevisionId second =
        database.attachments().put("a", first, "y", "a/b", new ByteArrayInputStream(noise(2, 5)));
    assertThat(database.get("a").orElseThrow().attachments()).containsOnlyKeys("x", "y");

    RevisionId third = database.attachments().remove("a", second, "x");

    assertThat(database.get("a").orElseThrow().attachments()).containsOnlyKeys("y");
    assertThatThrownBy(() -> database.attachments().remove("a", third, "x"))
        .isInstanceOf(MissingAttachmentException.class);
    assertThatThrownBy(() -> database.attachments().remove("a", first, "x"))
        .isInstanceOf(StaleRevisionException.class);
    assertThatThrownBy(
            () ->
                database
                    .attachments()
                    .put("a", null, "z", "a/b", new ByteArrayInputStream(noise(2, 5))))
        .isInstanceOf(StaleRevisionException.class);
  }

  @Test
  void limits_eachFromBothSides() {
    assertThat(Attachment.checkName("ä".repeat(512))).hasSize(512);
    assertThat(Attachment.checkName("a/b/…  c_")).isNotEmpty();
    for (String bad : List.of("", "_x", "a\0b", "\ud800", "ä".repeat(512) + "x")) {
      assertThatThrownBy(() -> Attachment.checkName(bad))
          .isInstanceOf(InvalidDocumentException.class);
    }
    assertThat(Attachment.checkContentType("x".repeat(1_024))).hasSize(1_024);
    for (String bad : List.of("", "x".repeat(1_025), "a\r\nb", "ä")) {
      assertThatThrownBy(() -> Attachment.checkContentType(bad))
          .isInstanceOf(InvalidDocumentException.class);
    }
    try (AttachmentUpload upload = database.attachments().begin("a/b", 1_000)) {
      upload.write(noise(1, 1_000));
      assertThatThrownBy(() -> upload.write(1))
          .isInstanceOf(InvalidDocumentException.class)
          .hasMessageContaining("limit=1000");
    }
    try (AttachmentUpload upload = store(database, noise(1, 1))) {
      Map<String, Attachment> many = new TreeMap<>();
      for (int i = 0; i < Attachment.MAX_OF_DOCUMENT; i++) {
        many.put("n" + i, upload.finish());
      }
      database.put("many", BODY, many);
      assertThat(database.get("many").orElseThrow().attachments()).hasSize(10_000);
      many.put("one more", upload.finish());
      assertThatThrownBy(() -> database.put("more", BODY, many))
          .isInstanceOf(InvalidDocumentException.class);
    }
  }

  @Test
  void restore_anOldRevision_bringsItsAttachmentsBack() {
    RevisionId first = put("a", null, "x", noise(1, 10));
    RevisionId second = database.put("a", first, JsonObject.parse("{\"n\":2}"), Map.of());
    assertThat(database.get("a").orElseThrow().attachments()).isEmpty();

    database.history("a").restore(first);

    assertThat(read(database, attachment("a", "x"))).isEqualTo(noise(1, 10));
    assertThat(database.get("a", second).orElseThrow().attachments()).isEmpty();
  }

  @Test
  void fork_nowAndEarlier_hasTheAttachmentsOfThen() {
    RevisionId first = put("a", null, "x", noise(1, 400_000));
    long then = database.lastSequence();
    put("a", first, "x", noise(2, 400_000));
    put("b", null, "x", noise(3, 10));

    try (Database now = database.fork("now");
        Database early = database.forks().create("early", then)) {
      assertThat(read(now, now.get("a").orElseThrow().attachments().get("x")))
          .isEqualTo(noise(2, 400_000));
      assertThat(read(early, early.get("a").orElseThrow().attachments().get("x")))
          .isEqualTo(noise(1, 400_000));
      assertThat(early.get("b")).isEmpty();
      assertThat(early.attachments().totals().count()).isEqualTo(1);
      try (var rows = early.view()) {
        assertThat(DatabaseCheck.problems(rows.rows())).isEmpty();
      }
    }
  }

  @Test
  void find_documentsWithAttachments_haveThem() {
    put("a", null, "x", noise(1, 10));

    assertThat(database.find(Query.where("{\"n\":1}")).get(0).attachments()).containsKey("x");
  }

  @Test
  void folder_reopenedCheckedAndSalvaged_hasThem() {
    Path at = folder.resolve("db");
    byte[] bytes = noise(5, 700_000);
    try (Database files = Database.open(at);
        AttachmentUpload upload = store(files, bytes)) {
      files.put("a", BODY, Map.of("x", upload.finish()));
      files.put("b", BODY, Map.of("x", upload.finish()));
    }
    assertThat(DatabaseCheck.of(at).problems()).isEmpty();
    assertThat(DatabaseFacts.of(at).attachments()).isEqualTo(new Attachments.Totals(1, 700_000));

    DatabaseSalvage.Report report = DatabaseSalvage.save(at, folder.resolve("saved"));

    assertThat(report.losses()).isEmpty();
    assertThat(DatabaseCheck.of(folder.resolve("saved")).problems()).isEmpty();
    try (Database saved = Database.open(folder.resolve("saved"))) {
      assertThat(read(saved, saved.get("b").orElseThrow().attachments().get("x"))).isEqualTo(bytes);
    }
  }
}
