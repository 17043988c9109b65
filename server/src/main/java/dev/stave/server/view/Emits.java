package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.script.ScriptException;
import dev.stave.storage.StorageBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What one map function emits for one document, within the limits. */
final class Emits {

  private record Row(byte[] key, JsonNode value, byte[] bytes) {}

  private final int map;
  private final String id;
  private final ViewLimits limits;
  private final List<Row> rows = new ArrayList<>();
  private long bytes;

  Emits(int map, String id, ViewLimits limits) {
    this.map = map;
    this.id = id;
    this.limits = limits;
  }

  void add(JsonNode key, JsonNode value) {
    byte[] whole = ViewKey.of(key);
    boolean isCut = whole.length > RowKeys.MAX_KEY_BYTES;
    byte[] row = RowKeys.rowValue(isCut, key, id, value);
    bytes += row.length;
    if (rows.size() >= limits.rows()) {
      throw tooMuch("more than " + limits.rows() + " rows");
    }
    if (whole.length > limits.keyBytes()) {
      throw tooMuch("a key of more than " + limits.keyBytes() + " bytes");
    }
    if (bytes > limits.documentBytes()) {
      throw tooMuch("rows of more than " + limits.documentBytes() + " bytes");
    }
    rows.add(new Row(RowKeys.cut(whole), value, row));
  }

  private static ScriptException tooMuch(String what) {
    return ScriptException.of(ScriptException.TOO_COSTLY, "it emitted " + what);
  }

  long writeTo(StorageBatch batch, List<RowKeys.Emitted> written) {
    rows.sort(Comparator.comparing(Row::value, ValueOrder.INSTANCE)); // its place among equal keys
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      RowKeys.Emitted emitted = new RowKeys.Emitted(map, i, row.key());
      batch.put(emitted.rowKey(id), row.bytes());
      written.add(emitted);
    }
    return bytes;
  }
}
