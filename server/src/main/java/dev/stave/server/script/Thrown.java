package dev.stave.server.script;

import org.mozilla.javascript.EcmaError;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** What a function has thrown, as CouchDB tells it. */
final class Thrown {

  private static final int SHOWN = 2_000;

  private Thrown() {}

  /**
   * {@code {forbidden: reason}}, {@code {unauthorized: reason}}, {@code {error:, reason:}}, {@code
   * ["error", name, reason]}, an error of the language, or anything.
   */
  static ScriptException of(JavaScriptException thrown) {
    try {
      if (thrown.getValue() instanceof Scriptable value) {
        return of(value, thrown);
      }
      return new ScriptException("unnamed_error", located(text(thrown.getValue()), thrown));
    } catch (RhinoException | BoundedContext.TooCostly | StackOverflowError e) {
      return new ScriptException("unnamed_error", located("something odd was thrown", thrown));
    }
  }

  private static ScriptException of(Scriptable value, JavaScriptException thrown) {
    for (String refusal : new String[] {"forbidden", "unauthorized"}) {
      if (has(value, refusal)) {
        return new ScriptException(refusal, text(member(value, refusal)));
      }
    }
    if (value instanceof NativeArray parts && parts.getLength() >= 2) {
      String reason = parts.getLength() > 2 ? text(parts.get(2, parts)) : "";
      return new ScriptException(text(parts.get(1, parts)), reason);
    }
    if (has(value, "error") && has(value, "reason")) {
      return new ScriptException(text(member(value, "error")), text(member(value, "reason")));
    }
    if (has(value, "name") && has(value, "message")) {
      String name = text(member(value, "name"));
      return new ScriptException(name, located(text(member(value, "message")), thrown));
    }
    String json = JsonValues.toJson(value).toString();
    return new ScriptException("unnamed_error", located(cut(json), thrown));
  }

  private static boolean has(Scriptable object, String name) {
    Object member = ScriptableObject.getProperty(object, name);
    return member != Scriptable.NOT_FOUND && ScriptRuntime.toBoolean(member);
  }

  private static Object member(Scriptable object, String name) {
    return ScriptableObject.getProperty(object, name);
  }

  private static String text(Object value) {
    boolean isObject = value instanceof Scriptable;
    return cut(isObject ? JsonValues.toJson(value).toString() : ScriptRuntime.toString(value));
  }

  private static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  static String nameOf(RhinoException failure) {
    return failure instanceof EcmaError error ? error.getName() : "script_error";
  }

  /** With the place: the design document, the function in it, and the line. */
  static String located(String message, RhinoException failure) {
    return cut(message)
        + " (at "
        + failure.sourceName()
        + ", line "
        + Math.max(1, failure.lineNumber())
        + ")";
  }
}
