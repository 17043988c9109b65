package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import java.util.List;
import java.util.function.BiConsumer;

/** Which of the revisions that a replicator has are not here: what it is to send. */
public final class RevisionsEndpoint {

  private RevisionsEndpoint() {}

  /** {@code POST /{db}/_revs_diff}. */
  public static Reply diff(Request request, Database database) {
    ObjectNode reply = JsonReply.object();
    forEachMissing(
        request,
        database,
        (id, missing) -> {
          ObjectNode entry = reply.putObject(id);
          add(missing, entry.putArray("missing"));
          List<RevisionId> ancestors = possibleAncestors(database.tree(id), missing);
          if (!ancestors.isEmpty()) {
            add(ancestors, entry.putArray("possible_ancestors"));
          }
        });
    return JsonReply.ok(reply);
  }

  /** {@code POST /{db}/_missing_revs}: the same, less told. */
  public static Reply missing(Request request, Database database) {
    ObjectNode reply = JsonReply.object();
    ObjectNode documents = reply.putObject("missing_revs");
    forEachMissing(request, database, (id, missing) -> add(missing, documents.putArray(id)));
    return JsonReply.ok(reply);
  }

  private static void add(List<RevisionId> revisions, ArrayNode to) {
    revisions.forEach(revision -> to.add(revision.toString()));
  }

  private static void forEachMissing(
      Request request, Database database, BiConsumer<String, List<RevisionId>> visitor) {
    JsonNode asked = request.jsonObject(request.limits().bulkBodyBytes()).sharedTree();
    asked
        .fields()
        .forEachRemaining(
            entry -> {
              String id = IncomingDocument.checkId(entry.getKey());
              List<RevisionId> missing = missing(database.tree(id), revisions(entry.getValue()));
              if (!missing.isEmpty()) {
                visitor.accept(id, missing);
              }
            });
  }

  private static List<RevisionId> revisions(JsonNode json) {
    if (!json.isArray()) {
      throw HttpException.badRequest("the revisions of a document must be an array");
    }
    return IncomingDocument.revisions(json);
  }

  private static List<RevisionId> missing(RevisionTree tree, List<RevisionId> revisions) {
    return revisions.stream().filter(revision -> tree.get(revision).isEmpty()).distinct().toList();
  }

  /** Leaves that one of the {@code missing} may have grown from. */
  private static List<RevisionId> possibleAncestors(RevisionTree tree, List<RevisionId> missing) {
    int newest = missing.stream().mapToInt(RevisionId::generation).max().orElse(0);
    return tree.leaves().stream()
        .map(Revision::id)
        .filter(leaf -> leaf.generation() < newest)
        .toList();
  }
}
