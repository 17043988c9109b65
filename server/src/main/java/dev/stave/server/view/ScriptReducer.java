package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.stave.server.script.DesignScript;
import dev.stave.server.script.ScriptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reduce function in JavaScript: some rows at a time, and then what came of them. */
final class ScriptReducer implements Reducer {

  private static final Logger LOG = LoggerFactory.getLogger(ScriptReducer.class);

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
    JsonNode result = call(keys, values);
    requireSmaller(values, result);
    reduced.add(result);
    keys = JsonNodeFactory.instance.arrayNode();
    values = JsonNodeFactory.instance.arrayNode();
    if (reduced.size() >= AT_ONCE) {
      reduceAgain();
    }
  }

  /** As in CouchDB, what a function fails at is null, and the log says why. */
  private JsonNode call(@Nullable JsonNode ofRows, JsonNode input) {
    try {
      return script.reduce(view, ofRows, input);
    } catch (ScriptException e) {
      if (e.error().equals(ScriptException.TOO_COSTLY) || e.error().equals("compilation_error")) {
        throw e;
      }
      LOG.info("reduce function of {} failed: {}: {}", view, e.error(), e.reason());
      return NullNode.getInstance();
    }
  }

  private void reduceAgain() {
    JsonNode result = call(null, reduced);
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
