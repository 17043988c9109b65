package dev.stave.server.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Symbol;
import org.mozilla.javascript.Undefined;

/**
 * JSON from Java to JavaScript and back, as {@code JSON.parse} and {@code JSON.stringify} have it.
 *
 * <p>Numbers are doubles there: of an integer beyond 2^53 and of a decimal of more than 17 digits
 * the nearest double is left, and of one beyond 1.8e308 infinity, which is null as JSON.
 */
final class JsonValues {

  private static final double MOST_EXACT = 1L << 53;

  /** JSON's own bound, see the storage's; also what ends a value that contains itself. */
  private static final int DEPTH = 200;

  private JsonValues() {}

  static @Nullable Object toScript(JsonNode value, Scriptable scope) {
    if (value.isTextual()) {
      return value.textValue();
    }
    if (value.isNumber()) {
      return value.isIntegralNumber() && value.canConvertToInt()
          ? (Object) value.intValue()
          : (Object) value.doubleValue();
    }
    if (value.isObject()) {
      return object(value, scope);
    }
    if (value.isArray()) {
      Object[] elements = new Object[value.size()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = toScript(value.get(i), scope);
      }
      return Context.getCurrentContext().newArray(scope, elements);
    }
    return value.isBoolean() ? value.booleanValue() : null;
  }

  private static Object object(JsonNode value, Scriptable scope) {
    Scriptable object = Context.getCurrentContext().newObject(scope);
    value
        .fields()
        .forEachRemaining(
            member -> {
              Object made = toScript(member.getValue(), scope);
              int index = index(member.getKey());
              if (index >= 0) {
                object.put(index, object, made); // where scripts look for it
              } else {
                object.put(member.getKey(), object, made);
              }
            });
    return object;
  }

  /** The number that {@code key} is written as, or -1. */
  private static int index(String key) {
    int length = key.length();
    if (length == 0 || length > 9 || key.charAt(0) == '0' && length > 1) {
      return -1;
    }
    for (int i = 0; i < length; i++) {
      if (key.charAt(i) < '0' || key.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(key);
  }

  /** What {@code JSON.stringify} writes; null where it writes nothing. */
  static JsonNode toJson(@Nullable Object value) {
    JsonNode json = new Walk(null).value("", value, 0);
    return json == null ? NullNode.getInstance() : json;
  }

  /** As {@link #toJson}, or null for what is no JSON at all, such as undefined. */
  static @Nullable JsonNode orNothing(@Nullable Object value, @Nullable Object replacer) {
    return new Walk(replacer).value("", value, 0);
  }

  /** One walk through a value, which is stopped when there is too much. */
  private static final class Walk {
    private final BoundedContext context = BoundedContext.current();
    private final @Nullable Object replacer;
    private long bytes;

    Walk(@Nullable Object replacer) {
      this.replacer = replacer;
    }

    private void count(long more) {
      bytes += more;
      context.work(2 + more / 8);
      if (bytes > context.limits().jsonBytes()) {
        throw new BoundedContext.TooCostly(
            "JSON of more than " + (context.limits().jsonBytes() >> 20) + " MiB");
      }
    }

    @Nullable JsonNode value(Object key, @Nullable Object found, int depth) {
      Object value = replaced(key, simple(key, found));
      count(4);
      if (value == null) {
        return NullNode.getInstance();
      }
      if (value instanceof Boolean truth) {
        return BooleanNode.valueOf(truth);
      }
      if (value instanceof CharSequence text) {
        context.checkText(text.length());
        count(text.length());
        return TextNode.valueOf(wellFormed(text.toString()));
      }
      if (value instanceof java.math.BigInteger) {
        throw ScriptRuntime.typeError("a BigInt is no JSON");
      }
      if (value instanceof Number number) {
        return number(number.doubleValue());
      }
      if (!(value instanceof Scriptable object)
          || value instanceof Callable
          || value instanceof Symbol
          || Undefined.isUndefined(value)) {
        return null;
      }
      if (depth >= DEPTH) {
        throw ScriptRuntime.typeError(
            "a value is nested more than " + DEPTH + " levels deep, or contains itself");
      }
      return object instanceof NativeArray array ? array(array, depth) : object(object, depth);
    }

    private @Nullable Object replaced(Object key, @Nullable Object value) {
      if (replacer instanceof Callable function) {
        Scriptable scope = ((Scriptable) function).getParentScope();
        return simple(key, function.call(context, scope, scope, new Object[] {key, value}));
      }
      return value;
    }

    /** After {@code toJSON}, and without the object around a simple value. */
    private @Nullable Object simple(Object key, @Nullable Object value) {
      Object known = value;
      if (known instanceof Scriptable object
          && ScriptableObject.getProperty(object, "toJSON") instanceof Callable toJson) {
        known = toJson.call(context, object.getParentScope(), object, new Object[] {key});
      }
      if (known instanceof Scriptable object) {
        String type = object.getClassName();
        if (type.equals("Number")) {
          return ScriptRuntime.toNumber(known);
        }
        if (type.equals("String")) {
          return ScriptRuntime.toString(known);
        }
        if (type.equals("Boolean")) {
          return object.getDefaultValue(ScriptRuntime.BooleanClass);
        }
      }
      return known;
    }

    private JsonNode array(NativeArray array, int depth) {
      context.checkArray(array.getLength());
      ArrayNode json = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < array.getLength(); i++) {
        Object element = ScriptableObject.getProperty(array, i);
        JsonNode made = value(i, element == Scriptable.NOT_FOUND ? null : element, depth + 1);
        json.add(made == null ? NullNode.getInstance() : made);
      }
      return json;
    }

    private JsonNode object(Scriptable object, int depth) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      Object[] keys =
          replacer instanceof NativeArray chosen ? context.getElements(chosen) : object.getIds();
      for (Object key : keys) {
        if (key instanceof Symbol) {
          continue;
        }
        Object member =
            key instanceof Integer index
                ? ScriptableObject.getProperty(object, index)
                : ScriptableObject.getProperty(object, ScriptRuntime.toString(key));
        String name = ScriptRuntime.toString(key);
        JsonNode made = member == Scriptable.NOT_FOUND ? null : value(name, member, depth + 1);
        if (made != null) {
          count(context.checkText(name.length()));
          json.set(wellFormed(name), made);
        }
      }
      return json;
    }
  }

  static JsonNode number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return NullNode.getInstance();
    }
    return value == Math.rint(value) && Math.abs(value) <= MOST_EXACT
        ? LongNode.valueOf((long) value)
        : DecimalNode.valueOf(new BigDecimal(ScriptRuntime.toString(value)));
  }

  /** Half of a pair of surrogates is no Unicode, and no UTF-8 can be made of it. */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .map(c -> c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
      }
    }
    return text;
  }
}
