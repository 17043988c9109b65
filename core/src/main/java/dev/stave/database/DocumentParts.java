package dev.stave.database;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPatch;
import dev.stave.json.JsonPointer;
import dev.stave.json.MergePatch;
import dev.stave.nodes.Node;
import dev.stave.nodes.NodeQuery;
import dev.stave.nodes.NodeQueryException;
import dev.stave.query.Query;
import dev.stave.revision.RevisionId;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes parts of a database's documents, each change whole or not at all. Any thread may call any
 * method; a change is durable when its method returns.
 *
 * <p>With a revision {@code expected}, a live leaf, that one is changed, and it is stale if
 * somebody else was faster. With null the winner is changed, whatever it is by then: read, changed,
 * and written if nobody wrote in between, else again.
 *
 * <p>All of them throw {@link StaleRevisionException}; {@link NoSuchDocumentException} where no
 * revision is expected and there is no live document; and {@link
 * dev.stave.document.InvalidDocumentException} if no document may be what comes of it.
 *
 * <p>Parts are read from a document's body: {@link JsonPointer#get} and {@link NodeQuery#nodes}.
 */
public final class DocumentParts {

  private final Database database;

  DocumentParts(Database database) {
    this.database = database;
  }

  /**
   * Sets the value at {@code pointer}, as {@link JsonPointer#set} does.
   *
   * @throws dev.stave.json.PatchFailedException if what is above the place is not there
   * @throws dev.stave.json.InvalidJsonException if no document may hold the value there
   */
  public RevisionId set(
      String id, @Nullable RevisionId expected, JsonPointer pointer, JsonNode value) {
    return change(id, expected, body -> pointer.set(body, value));
  }

  /**
   * Removes the value at {@code pointer}, as {@link JsonPointer#remove} does.
   *
   * @throws dev.stave.json.PatchFailedException if there is none
   */
  public RevisionId remove(String id, @Nullable RevisionId expected, JsonPointer pointer) {
    return change(id, expected, pointer::remove);
  }

  /**
   * Applies a JSON Patch.
   *
   * @throws dev.stave.json.PatchFailedException if it does not fit the document, or a test fails
   * @throws dev.stave.json.InvalidJsonException if what comes of it is nested too deep
   */
  public RevisionId patch(String id, @Nullable RevisionId expected, JsonPatch patch) {
    return change(id, expected, patch::apply);
  }

  /** Applies a JSON Merge Patch. */
  public RevisionId mergePatch(String id, @Nullable RevisionId expected, JsonObject patch) {
    return change(id, expected, body -> MergePatch.apply(body, patch));
  }

  private RevisionId change(
      String id, @Nullable RevisionId expected, UnaryOperator<JsonObject> work) {
    if (expected != null) {
      return database.put(id, expected, work.apply(leaf(id, expected)));
    }
    return database.transact(
        transaction -> {
          Document winner = transaction.get(id).orElseThrow(() -> new NoSuchDocumentException(id));
          return transaction.put(id, winner.revision(), work.apply(winner.body()));
        });
  }

  /** What a revision says never changes; whether it is a leaf still, the commit asks again. */
  private JsonObject leaf(String id, RevisionId expected) {
    if (!database.tree(id).isLeaf(expected)) {
      throw new StaleRevisionException(id, expected);
    }
    return database
        .get(id, expected)
        .filter(document -> !document.deleted())
        .map(Document::body)
        .orElseThrow(() -> new StaleRevisionException(id, expected));
  }

  /**
   * Hands over the nodes of each document that the query finds, in the query's order, until {@code
   * visitor} says false; documents without any are left out. One document is held at a time.
   *
   * @throws NodeQueryException if one of them takes too many steps or has too many nodes
   * @throws dev.stave.query.QueryLimitException if the query costs more than its limits; the
   *     visitor has seen a part then
   */
  public void nodes(Query query, NodeQuery jsonPath, Predicate<DocumentNodes> visitor) {
    database.find(
        query,
        document -> {
          List<Node> nodes = jsonPath.nodes(document.body());
          return nodes.isEmpty() || visitor.test(new DocumentNodes(document, nodes));
        });
  }
}
