package dev.stave.server.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Attachments;
import dev.stave.database.Database;
import dev.stave.database.DatabaseFacts;
import dev.stave.storage.StorageStats;
import java.util.Locale;

/** What a database's files hold, as JSON for machines and as lines for people. */
public final class StorageJson {

  private static final String SINCE_OPENED = "since_opened";

  private StorageJson() {}

  /** Of an open database, with what it has done since it was opened. */
  public static ObjectNode of(Database database) {
    StorageStats stats = database.stats();
    Attachments.Totals attachments = database.attachments().totals();
    ObjectNode json = files(database.count(), database.deletedCount(), attachments, stats);
    ObjectNode since = json.putObject(SINCE_OPENED);
    since.put("memory_bytes", stats.memoryBytes());
    since.put("committed_bytes", stats.committed()).put("written_bytes", stats.written());
    since.put("write_amplification", stats.writeAmplification());
    since.put("merges", stats.merges());
    since.put("longest_stall_millis", stats.longestStall().toNanos() / 1e6);
    since.put("trouble", stats.trouble());
    return json;
  }

  /** Of a database that nobody has open. */
  public static ObjectNode of(DatabaseFacts facts) {
    return files(facts.documents(), facts.deleted(), facts.attachments(), facts.storage());
  }

  private static ObjectNode files(
      long documents, long deleted, Attachments.Totals attachments, StorageStats stats) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("doc_count", documents).put("doc_del_count", deleted);
    json.put("attachments", attachments.count()).put("attachment_bytes", attachments.bytes());
    json.put("disk_bytes", stats.diskBytes()).put("garbage_bytes", stats.garbageBytes());
    json.put("space_amplification", stats.spaceAmplification());
    json.put("segments", stats.segments()).put("rows", stats.rows());
    json.put("row_bytes", stats.rowBytes());
    json.put("body_files", stats.bodyFiles()).put("body_bytes", stats.bodyBytes());
    json.put("index_tables", stats.tables()).put("index_bytes", stats.tableBytes());
    json.put("log_bytes", stats.logBytes());
    return json;
  }

  /** Lines for people, from what {@code of} returned here or on a server. */
  public static String text(JsonNode json) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "documents",
        "%,d, and %,d deleted",
        json.path("doc_count").asLong(),
        json.path("doc_del_count").asLong());
    long attachments = json.path("attachments").asLong();
    if (attachments > 0) {
      line(text, "attachments", "%,d, %s", attachments, bytes(json, "attachment_bytes"));
    }
    line(text, "on disk", "%s", bytes(json, "disk_bytes"));
    line(
        text,
        "  segments",
        "%,d with %,d rows, %s",
        json.path("segments").asLong(),
        json.path("rows").asLong(),
        bytes(json, "row_bytes"));
    line(
        text,
        "  bodies",
        "%,d files, %s, of which garbage %s",
        json.path("body_files").asLong(),
        bytes(json, "body_bytes"),
        bytes(json, "garbage_bytes"));
    line(
        text,
        "  index",
        "%,d tables, %s",
        json.path("index_tables").asLong(),
        bytes(json, "index_bytes"));
    line(text, "  log", "%s, not in a segment yet", bytes(json, "log_bytes"));
    line(text, "space amplification", "%.2f", json.path("space_amplification").asDouble());
    JsonNode since = json.path(SINCE_OPENED);
    if (since.isObject()) {
      sinceOpened(text, since);
    }
    return text.toString().stripTrailing();
  }

  private static void sinceOpened(StringBuilder text, JsonNode since) {
    line(text, "in memory", "%s", bytes(since, "memory_bytes"));
    text.append("since it was opened\n");
    line(text, "  committed", "%s", bytes(since, "committed_bytes"));
    line(text, "  written", "%s", bytes(since, "written_bytes"));
    line(text, "  write amplification", "%.2f", since.path("write_amplification").asDouble());
    line(text, "  merges", "%,d", since.path("merges").asLong());
    line(text, "  longest stall", "%.1f ms", since.path("longest_stall_millis").asDouble());
    String trouble = since.path("trouble").asText();
    line(text, "  trouble", "%s", trouble.isEmpty() ? "none" : trouble);
  }

  private static void line(StringBuilder text, String name, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-24s", name));
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String bytes(JsonNode json, String name) {
    return ByteCount.text(json.path(name).asLong());
  }
}
