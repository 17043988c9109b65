package dev.stave.spec.sim;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes edits at random, no two of which are the same. */
final class Editor {

  /** Documents have a member {@code n} below this. */
  static final int VALUES = 4;

  private static final int DOCUMENTS = 8;
  private static final int FIELDS = 5;

  private final Random random;
  private int count;

  Editor(Random random) {
    this.random = random;
  }

  /** Of any document. */
  String id() {
    return "d" + random.nextInt(DOCUMENTS);
  }

  /**
   * Puts a document, changes one of its live leaves, or deletes that.
   *
   * @param who is told in the document
   */
  RevisionId edit(Database database, String id, String who) {
    String mark = who + "-" + count++;
    List<Revision> live =
        database.tree(id).leaves().stream().filter(leaf -> !leaf.deleted()).toList();
    if (live.isEmpty()) {
      return database.put(id, changed(JsonNodeFactory.instance.objectNode(), mark));
    }
    Revision leaf = live.get(random.nextInt(live.size()));
    if (random.nextInt(6) == 0) {
      return database.delete(id, leaf.id());
    }
    Document document = database.get(id, leaf.id()).orElseThrow();
    JsonObject body = changed((ObjectNode) document.body().tree(), mark);
    if (random.nextInt(4) == 0) {
      try (AttachmentUpload upload = database.attachments().begin("text/plain")) {
        byte[] bytes = mark.repeat(1 + random.nextInt(20)).getBytes(StandardCharsets.UTF_8);
        upload.write(bytes, 0, bytes.length);
        return database.put(id, leaf.id(), body, Map.of("a", upload.finish()));
      }
    }
    return random.nextInt(8) == 0
        ? database.put(id, leaf.id(), body, Map.of())
        : database.put(id, leaf.id(), body);
  }

  private JsonObject changed(ObjectNode body, String mark) {
    body.put("n", random.nextInt(VALUES));
    body.put("f" + random.nextInt(FIELDS), mark);
    return JsonObject.of(body);
  }
}
