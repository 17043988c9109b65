package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attachments of documents in conflict, and of forks. */
class MergedAttachmentsTest {

  private static final JsonObject BODY = JsonObject.parse("{\"n\":1}");

  @TempDir private Path folder;
  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private static String read(Database database, String id, String name) {
    Attachment attachment = database.get(id).orElseThrow().attachments().get(name);
    try (InputStream in = database.attachments().open(attachment)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes a side over {@code base}, whose attachments are what {@code texts} says, by name. */
  private static RevisionId side(
      Database database, RevisionId base, String digest, int n, Map<String, String> texts) {
    Map<String, Attachment> all = new TreeMap<>();
    List<AttachmentUpload> uploads = new java.util.ArrayList<>();
    texts.forEach(
        (name, text) -> {
          AttachmentUpload upload = database.attachments().begin("text/plain");
          upload.write(text.getBytes(StandardCharsets.UTF_8));
          uploads.add(upload);
          all.put(name, upload.finish());
        });
    JsonObject body = JsonObject.parse("{\"n\":1,\"side" + n + "\":" + n + "}");
    RevisionId id =
        base == null ? database.put("a", BODY, all) : new RevisionId(base.generation() + 1, digest);
    if (base != null) {
      RevisionPath path = new RevisionPath(List.of(id, base), false);
      database.write(new WriteBatch().graft("a", path, body, all, Map.of()));
    }
    uploads.forEach(AttachmentUpload::close);
    return id;
  }

  @Test
  void merge_attachmentsOfBothSides_byName() {
    RevisionId base =
        side(
            database,
            null,
            "",
            0,
            Map.of("same", "0", "mine", "0", "yours", "0", "gone", "0", "both", "0"));
    RevisionId loser =
        side(
            database,
            base,
            "a",
            1,
            Map.of("same", "0", "mine", "1", "yours", "0", "both", "1", "added", "1", "gone", "0"));
    RevisionId winner =
        side(
            database,
            base,
            "b",
            2,
            Map.of("same", "0", "mine", "0", "yours", "2", "both", "2", "new", "2"));
    MergeRequests requests = MergeRequests.of(database);
    MergeRequest request = requests.openOf("a").orElseThrow();
    assertThat(request.sides()).containsExactly(winner, loser);

    assertThat(requests.mergeByPolicy(request)).isInstanceOf(MergeOutcome.Merged.class);

    Document merged = database.get("a").orElseThrow();
    assertThat(merged.body()).isEqualTo(JsonObject.parse("{\"n\":1,\"side1\":1,\"side2\":2}"));
    assertThat(merged.attachments())
        .containsOnlyKeys("same", "mine", "yours", "both", "added", "new");
    assertThat(read(database, "a", "mine")).isEqualTo("1");
    assertThat(read(database, "a", "yours")).isEqualTo("2");
    assertThat(read(database, "a", "both")).isEqualTo("2"); // the winner's
    assertThat(read(database, "a", "added")).isEqualTo("1");
    assertThat(database.get("a", loser).orElseThrow().attachments()).containsKey("both");
  }

  @Test
  void undo_ofAMerge_bringsEachSideBackWithItsOwn() {
    RevisionId base = side(database, null, "", 0, Map.of("x", "0"));
    side(database, base, "a", 1, Map.of("x", "1"));
    side(database, base, "b", 2, Map.of("x", "0", "y", "2"));
    MergeRequests requests = MergeRequests.of(database);
    requests.mergeByPolicy(requests.openOf("a").orElseThrow());
    assertThat(read(database, "a", "x")).isEqualTo("1");
    assertThat(read(database, "a", "y")).isEqualTo("2");

    MergeRequest again = requests.undo(requests.of("a").get(0), "carol", null).orElseThrow();

    assertThat(again.sides())
        .extracting(side -> database.get("a", side).orElseThrow().attachments().keySet().toString())
        .containsExactlyInAnyOrder("[x]", "[x, y]");
  }

  @Test
  void fork_mergedBack_bringsItsAttachments() throws IOException {
    try (Database parent = Database.open(folder.resolve("main"))) {
      RevisionId first =
          parent.attachments().put("a", null, "x", "text/plain", text("parent's before"));
      try (Database fork = parent.fork("draft")) {
        fork.attachments().put("a", first, "y", "text/plain", text("fork's"));
        fork.attachments().put("b", null, "z", "text/plain", text("fork's other"));
        parent.attachments().put("a", first, "x", "text/plain", text("parent's after"));

        ForkRequest.Merged merged = MergeRequests.of(parent).fork(fork).merge("alice", null);

        assertThat(merged.taken()).containsExactlyInAnyOrder("a", "b");
      }
      assertThat(read(parent, "a", "x")).isEqualTo("parent's after");
      assertThat(read(parent, "a", "y")).isEqualTo("fork's");
      assertThat(read(parent, "b", "z")).isEqualTo("fork's other");
      parent.forks().drop("draft");
      assertThat(read(parent, "a", "y")).isEqualTo("fork's");
    }
  }

  private static ByteArrayInputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
