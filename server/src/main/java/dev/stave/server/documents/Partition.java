package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.util.List;
import java.util.Optional;

/**
 * A part of the documents of a database that was made with {@code partitioned=true}: those whose
 * ids begin with its name and a colon. Stave stores them as any others; a partition is a range of
 * ids.
 *
 * @param name what is before the colon
 */
public record Partition(String name) {

  /** The local document that a partitioned database has. */
  private static final String LOCAL_ID = LocalDocumentEndpoint.OWN + "partitioned";

  /** What follows the colon in the order of ids. */
  private static final String AFTER = ";";

  /** Makes {@code database}, which is empty, a partitioned one. */
  public static void divide(Database database) {
    database.putLocal(LOCAL_ID, JsonObject.parse("{}"));
  }

  /** Whether {@code database} has partitions. */
  public static boolean areIn(Database database) {
    return database.getLocal(LOCAL_ID).isPresent();
  }

  /**
   * The partition that {@code request} is for; empty if it is for the whole database.
   *
   * @throws HttpException if there can be none of this name
   */
  public static Optional<Partition> of(Request request, Database database) {
    Optional<String> name = request.partition();
    if (name.isPresent() && !areIn(database)) {
      throw HttpException.badRequest("database is not partitioned");
    }
    name.ifPresent(
        text -> {
          if (text.isEmpty() || text.startsWith("_") || text.contains(":")) {
            throw new HttpException(
                400,
                "illegal_partition",
                "a partition has a name without a colon that does not begin with an underscore: "
                    + text);
          }
        });
    return name.map(Partition::new);
  }

  /** Refuses an id that names no partition. Design documents are of the whole database. */
  static void checkId(String id) {
    int colon = id.indexOf(':');
    if (!Document.isDesign(id) && (colon < 1 || colon == id.length() - 1)) {
      throw new HttpException(400, "illegal_docid", "Doc id must be of form partition:id");
    }
  }

  /** Whether the document {@code id} is in it. */
  public boolean contains(String id) {
    return id.startsWith(name + ":");
  }

  /** The ids in it. */
  IdRange range() {
    return new IdRange(name + ":", name + AFTER, false);
  }

  /** Those documents in it that {@code selector} chooses. */
  public JsonNode narrowed(JsonNode selector) {
    ObjectNode both = JsonReply.object();
    ObjectNode ids = JsonReply.object();
    ids.putObject("_id").put("$gte", name + ":").put("$lt", name + AFTER);
    both.putArray("$and").add(ids).add(selector);
    return both;
  }

  /** The number of live documents in it. */
  long count(Database database) {
    long[] count = new long[1];
    database.forEach(range(), document -> ++count[0] > 0);
    return count[0];
  }

  /** {@code GET /{db}/_partition/{name}}. Its documents are read for that. */
  public static Reply info(Request request, Database database) {
    Partition partition = of(request, database).orElseThrow();
    long[] live = new long[2];
    database.forEach(
        partition.range(),
        document -> {
          live[0]++;
          live[1] += document.body().size();
          return true;
        });
    ObjectNode info = JsonReply.object().put("db_name", request.segment(0));
    info.put("partition", partition.name()).put("doc_count", live[0]);
    info.put("doc_del_count", partition.deleted(database));
    info.putObject("sizes").put("active", live[1]).put("external", live[1]);
    return JsonReply.ok(info);
  }

  private long deleted(Database database) {
    int batch = 1_000;
    long count = 0;
    long since = 0;
    while (true) {
      List<Change> changes = database.changes(since, batch);
      for (Change change : changes) {
        since = change.sequence();
        count += change.deleted() && contains(change.id()) ? 1 : 0;
      }
      if (changes.size() < batch) {
        return count;
      }
    }
  }
}
