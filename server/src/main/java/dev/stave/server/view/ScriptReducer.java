package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.server.script.DesignScript;
import dev.stave.server.script.ScriptException;

/** A reduce function in JavaScript: some rows at a time, and then what came of them. */
final class ScriptReducer implements Reducer {

  private static final int AT_ONCE = 200;

  /** As CouchDB's: below this a result is never too large. */
  private static final int SMALL = 200;

  private final DesignScript script;
  private final String view;
  private ArrayNode keys = JsonNodeFactory.instance.arrayNode();
  private ArrayNode values = JsonNodeFactory.instance.arrayNode();
  private ArrayNode reduced = JsonNodeFactory.instance.arrayNode();

  ScriptReducer(DesignScript script, String view) {
    this.script = script;
    this.view = view;
  }

  @Override
  public void add(ViewRow row) {
    keys.addArray().add(row.key()).add(row.id());
    values.add(row.value());
    if (values.size() >= AT_ONCE) {
      reduceRows();
    }
  }

  private void reduceRows() {
    JsonNode result = script.reduce(view, keys, values);
    requireSmaller(values, result);
    reduced.add(result);
    keys = JsonNodeFactory.instance.arrayNode();
    values = JsonNodeFactory.instance.arrayNode();
    if (reduced.size() >= AT_ONCE) {
      reduceAgain();
    }
  }

  private void reduceAgain() {
    JsonNode result = script.reduce(view, null, reduced);
    requireSmaller(reduced, result);
    reduced = JsonNodeFactory.instance.arrayNode().add(result);
  }

  @Override
  public JsonNode result() {
    if (!values.isEmpty()) {
      reduceRows();
    }
    if (reduced.size() > 1) {
      reduceAgain();
    }
    return reduced.get(0);
  }

  /** A result that grows with the rows would in the end be as large as the view. */
  private static void requireSmaller(ArrayNode input, JsonNode result) {
    int size = result.toString().length();
    if (size > SMALL && size * 2L > input.toString().length()) {
      throw ScriptException.of(
          "reduce_overflow_error",
          "Reduce output must shrink more rapidly: input size: "
              + input.toString().length()
              + " output size: "
              + size);
    }
  }
}
