package dev.stave.server.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Undefined;

/**
 * {@code JSON.stringify}: Rhino's own goes through shared parts again and again, and counts not.
 */
final class JsonText {

  private static final int MOST_INDENT = 10;

  private final BoundedContext context = BoundedContext.current();
  private final StringBuilder text = new StringBuilder();
  private final String indent;

  private JsonText(String indent) {
    this.indent = indent;
  }

  static Object stringify(@Nullable Object[] given) {
    Object replacer = given.length > 1 ? given[1] : null;
    JsonNode json = JsonValues.orNothing(given.length > 0 ? given[0] : null, replacer);
    if (json == null || given.length == 0) {
      return Undefined.instance;
    }
    JsonText out = new JsonText(indent(given.length > 2 ? given[2] : null));
    out.write(json, 0);
    return out.text.toString();
  }

  private static String indent(@Nullable Object space) {
    if (space instanceof Number number) {
      return " ".repeat(Math.max(0, Math.min(MOST_INDENT, number.intValue())));
    }
    String given = space instanceof CharSequence chars ? chars.toString() : "";
    return given.substring(0, Math.min(MOST_INDENT, given.length()));
  }

  private void write(JsonNode json, int depth) {
    context.checkText(text.length());
    if (json.isObject()) {
      text.append('{');
      String[] comma = {""};
      json.fields()
          .forEachRemaining(
              member -> {
                begin(comma, depth + 1);
                text.append(TextNode.valueOf(member.getKey()));
                text.append(indent.isEmpty() ? ":" : ": ");
                write(member.getValue(), depth + 1);
              });
      end(comma, depth).append('}');
    } else if (json.isArray()) {
      text.append('[');
      String[] comma = {""};
      for (JsonNode element : json) {
        begin(comma, depth + 1);
        write(element, depth + 1);
      }
      end(comma, depth).append(']');
    } else if (json.isNumber()) {
      text.append(ScriptRuntime.toString(json.doubleValue()));
    } else {
      text.append(json);
    }
  }

  private void begin(String[] comma, int depth) {
    text.append(comma[0]);
    comma[0] = ",";
    newLine(depth);
  }

  private StringBuilder end(String[] comma, int depth) {
    if (!comma[0].isEmpty()) {
      newLine(depth);
    }
    return text;
  }

  private void newLine(int depth) {
    if (!indent.isEmpty()) {
      text.append('\n').append(indent.repeat(depth));
    }
  }
}
