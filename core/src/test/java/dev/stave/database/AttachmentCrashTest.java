package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import dev.stave.storage.Tables;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The process dies at each boundary between two batches of a storage; that a batch is whole or not
 * there, the storage's own tests say.
 *
 * <p>Strategy: attachments are uploaded, put, replaced, dropped, and given up, at random. After
 * each batch the rows are copied. Each copy is checked as it is, opened, and checked again.
 *
 * <p>Invariants: each copy is a whole database; each document has its attachments, with their
 * bytes; after opening there is nothing that nobody refers to.
 */
class AttachmentCrashTest {

  private static final long SEED = Long.getLong("stave.crash.seed", 11);

  /** A storage of which there is a copy after each batch. */
  private static final class Copied implements Storage {
    final MemoryStorage rows = new MemoryStorage();
    final List<MemoryStorage> copies = new ArrayList<>();

    @Override
    public synchronized void commit(StorageBatch batch) {
      rows.commit(batch);
      copies.add(rows.copy());
    }

    @Override
    public StorageSnapshot snapshot() {
      return rows.snapshot();
    }

    @Override
    public Tables tables() {
      return rows.tables();
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private static byte[] content(int number) {
    return AttachmentsTest.noise(number, number % 3 == 0 ? 700_000 : 1_000);
  }

  private static void work(Database database, Random random) throws Exception {
    Map<String, RevisionId> revisions = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      String id = "d" + random.nextInt(4);
      int content = random.nextInt(6);
      JsonObject body = JsonObject.parse("{\"content\":" + content + "}");
      try (AttachmentUpload upload =
          database.attachments().store("a/b", new ByteArrayInputStream(content(content)))) {
        if (random.nextInt(4) > 0) {
          Map<String, Attachment> one = Map.of("x", upload.finish());
          RevisionId parent = revisions.get(id);
          revisions.put(
              id,
              parent == null ? database.put(id, body, one) : database.put(id, parent, body, one));
        }
      }
      RevisionId parent = revisions.get(id);
      if (parent != null && random.nextInt(5) == 0) {
        database.delete(id, parent);
        revisions.remove(id);
      }
    }
  }

  @Test
  void kill_betweenAnyTwoBatches_losesNothingAndLeavesNothing() throws Exception {
    Copied storage = new Copied();
    DatabaseOptions options = DatabaseOptions.DEFAULT.withRetention(1_000, 0);
    try (Database database = Database.opened(storage, options, 1 << 20)) {
      work(database, new Random(SEED));
    }
    int pending = 0;

    for (int i = 0; i < storage.copies.size(); i++) {
      MemoryStorage copy = storage.copies.get(i);
      pending += check(copy, false) ? 1 : 0;
      try (Database opened = Database.opened(copy, options, 1 << 20)) {
        assertThat(check(copy, true)).isFalse();
        checkDocuments(opened);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + SEED + ", after batch " + i, e);
      }
    }

    assertThat(storage.copies).hasSizeGreaterThan(150);
    assertThat(pending).isGreaterThan(50);
  }

  /** Returns whether something is there that nobody refers to. */
  private static boolean check(MemoryStorage storage, boolean opened) {
    try (StorageSnapshot rows = storage.snapshot()) {
      assertThat(DatabaseCheck.problems(rows)).as("opened: " + opened).isEmpty();
      return rows.scan(BlobRows.PENDING, new byte[] {'f'}).hasNext();
    }
  }

  private static void checkDocuments(Database database) throws Exception {
    for (int i = 0; i < 4; i++) {
      Document document = database.get("d" + i).orElse(null);
      if (document != null) {
        int content = document.body().sharedTree().path("content").intValue();
        Attachment attachment = document.attachments().get("x");
        try (InputStream in = database.attachments().open(attachment)) {
          assertThat(in.readAllBytes()).isEqualTo(content(content));
        }
      }
    }
  }
}
