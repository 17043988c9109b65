package dev.stave.server.script;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.BaseFunction;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.NativeArray;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * Bounds for what Rhino's own library does in one step of the interpreter, which counts its
 * instructions and sees nothing of {@code 'x'.repeat(1e9)}. What cannot be bounded is taken out.
 */
final class Guards {

  /** As CouchDB's query server is by default, or with loops that nobody counts. */
  private static final List<String> TAKEN_OUT =
      List.of(
          "eval",
          "Script",
          "Continuation",
          "With",
          "Call",
          "BigInt",
          "Promise",
          "ArrayBuffer",
          "Int8Array",
          "Uint8Array",
          "Uint8ClampedArray",
          "Int16Array",
          "Uint16Array",
          "Int32Array",
          "Uint32Array",
          "Float32Array",
          "Float64Array",
          "BigInt64Array",
          "BigUint64Array",
          "DataView",
          "console",
          "InternalError",
          "StopIteration",
          "Iterator",
          "Packages",
          "java");

  private static final Set<String> OF_ARRAY = Set.of("isArray", "of", "from");

  /** They change the array they are called on. */
  private static final Set<String> CHANGING =
      Set.of("copyWithin", "fill", "pop", "push", "reverse", "shift", "sort", "splice", "unshift");

  private static final Set<String> SEARCHING = Set.of("indexOf", "lastIndexOf", "includes");

  /** Comparisons of characters that one search may need. */
  private static final double MOST_COMPARISONS = 2e10;

  /** Characters that a replacement may make at most, if each one is replaced. */
  private static final double MOST_REPLACED = 1 << 27;

  private Guards() {}

  /** What is to be passed before a function of the library runs; it may give it another this. */
  private interface Check {
    Scriptable before(
        BoundedContext context, Scriptable scope, Scriptable self, @Nullable Object[] arguments);
  }

  /** A function of the library behind a check. */
  private static final class Guarded extends BaseFunction {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final transient Function real;
    private final transient Check check;

    Guarded(Scriptable scope, String name, Function real, Check check) {
      super(scope, ScriptableObject.getFunctionPrototype(scope));
      this.name = name;
      this.real = real;
      this.check = check;
    }

    @Override
    public Object call(Context context, Scriptable scope, Scriptable self, Object[] arguments) {
      BoundedContext bounded = (BoundedContext) context;
      bounded.work(1);
      Scriptable checked = check.before(bounded, scope, self, arguments);
      Object result = real.call(context, scope, checked, arguments);
      if (result instanceof CharSequence text) {
        bounded.checkText(text.length());
      }
      return result;
    }

    @Override
    public Scriptable construct(Context context, Scriptable scope, Object[] arguments) {
      throw ScriptRuntime.typeError(name + " is not a constructor");
    }

    @Override
    public String getFunctionName() {
      return name;
    }

    @Override
    public int getLength() {
      Object length = ScriptableObject.getProperty(real, "length");
      return length instanceof Number number ? number.intValue() : 0;
    }

    @Override
    public int getArity() {
      return getLength();
    }
  }

  /** Puts the guards into a new global scope. */
  static void install(ScriptableObject global) {
    TAKEN_OUT.forEach(global::delete);
    ScriptableObject array = object(global, "Array");
    for (Object name : array.getAllIds()) {
      if (name instanceof String text
          && array.get(text, array) instanceof Function
          && !OF_ARRAY.contains(text)) {
        array.delete(text);
      }
    }
    guard(global, array, "from", Guards::array);
    ScriptableObject arrays = prototype(global, "Array");
    arrays.delete("flat"); // in couchdb.js
    guardAll(global, arrays, name -> ofArray(name, CHANGING.contains(name)));
    guardAll(global, prototype(global, "String"), Guards::ofString);
    guard(global, prototype(global, "RegExp"), "exec", Guards::texts);
    guard(global, prototype(global, "RegExp"), "test", Guards::texts);
    guard(global, prototype(global, "Function"), "apply", Guards::array);
    guard(global, object(global, "Reflect"), "apply", Guards::array);
    guard(global, object(global, "Reflect"), "construct", Guards::array);
    for (String name :
        List.of(
            "parseInt",
            "parseFloat",
            "isNaN",
            "isFinite",
            "escape",
            "unescape",
            "encodeURI",
            "encodeURIComponent",
            "decodeURI",
            "decodeURIComponent")) {
      guard(global, global, name, Guards::texts);
    }
    refuseCode(global);
  }

  /** There is a way from every function to the one that makes functions out of text. */
  private static void refuseCode(ScriptableObject global) {
    ScriptableObject functions = prototype(global, "Function");
    BaseFunction refusal =
        new BaseFunction(global, functions) {
          private static final long serialVersionUID = 1L;

          {
            setPrototypeProperty(functions); // for instanceof
          }

          @Override
          public Object call(Context context, Scriptable scope, Scriptable self, Object[] given) {
            throw ScriptRuntime.typeError("code cannot be made of text here");
          }

          @Override
          public Scriptable construct(Context context, Scriptable scope, Object[] given) {
            throw ScriptRuntime.typeError("code cannot be made of text here");
          }

          @Override
          public String getFunctionName() {
            return "Function";
          }
        };
    int hidden = ScriptableObject.DONTENUM;
    ScriptableObject.defineProperty(functions, "constructor", refusal, hidden);
    ScriptableObject.defineProperty(global, "Function", refusal, hidden);
  }

  private static ScriptableObject object(ScriptableObject global, String name) {
    return (ScriptableObject) ScriptableObject.getProperty(global, name);
  }

  private static ScriptableObject prototype(ScriptableObject global, String name) {
    return (ScriptableObject) ScriptableObject.getProperty(object(global, name), "prototype");
  }

  private static void guardAll(
      ScriptableObject global,
      ScriptableObject owner,
      java.util.function.Function<String, Check> check) {
    for (Object name : owner.getAllIds()) {
      if (name instanceof String text && !text.equals("constructor")) {
        guard(global, owner, text, check.apply(text));
      }
    }
  }

  private static void guard(
      ScriptableObject global, ScriptableObject owner, String name, Check check) {
    int attributes = ScriptableObject.DONTENUM;
    if (owner.has(name, owner) && owner.get(name, owner) instanceof Function real) {
      ScriptableObject.defineProperty(
          owner, name, new Guarded(global, name, real, check), attributes);
    }
  }

  // Arrays

  private static Check ofArray(String name, boolean changes) {
    boolean searches = SEARCHING.contains(name);
    return (context, scope, self, arguments) -> {
      array(context, scope, self, arguments);
      Scriptable checked = changes ? changeable(context, self) : arrayOf(context, scope, self);
      if (name.equals("join") && checked instanceof NativeArray array) {
        context.checkText((long) (array.getLength() * length(arguments, 0)));
      }
      if (searches && arguments.length > 0 && arguments[0] instanceof CharSequence text) {
        requireFew(text.length() * (double) ((NativeArray) checked).getLength());
      }
      return checked;
    };
  }

  private static Scriptable changeable(BoundedContext context, Scriptable self) {
    if (self instanceof NativeArray array) {
      context.checkArray(array.getLength());
      return self;
    }
    throw ScriptRuntime.typeError("this function changes arrays, and this is none");
  }

  /** Of what only looks like an array a copy: who knows what its length is the next time. */
  private static Scriptable arrayOf(BoundedContext context, Scriptable scope, Scriptable self) {
    if (self instanceof NativeArray array) {
      context.checkArray(array.getLength());
      return self;
    }
    double length = length(self);
    context.checkArray(length);
    Object[] elements = new Object[(int) length];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = ScriptableObject.getProperty(self, i);
    }
    return context.newArray(scope, elements);
  }

  private static double length(Object self) {
    if (self instanceof NativeArray array) {
      return array.getLength();
    }
    if (!(self instanceof Scriptable object)) {
      return 0;
    }
    double length = ScriptRuntime.toNumber(ScriptableObject.getProperty(object, "length"));
    return length > 0 ? length : 0; // NaN is not
  }

  /** Whether what is given is no array that is too long. */
  private static Scriptable array(
      BoundedContext context, Scriptable scope, Scriptable self, @Nullable Object[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      if (argument instanceof NativeArray array) {
        context.checkArray(array.getLength());
      } else if (argument instanceof Scriptable object
          && !(argument instanceof Function)
          && ScriptableObject.hasProperty(object, "length")) {
        arguments[i] = isText(object) ? object : arrayOf(context, scope, object);
      } else if (argument instanceof CharSequence text) {
        context.checkText(text.length());
      }
    }
    return self;
  }

  private static boolean isText(Scriptable object) {
    return object.getClassName().equals("String");
  }

  // Strings

  private static Scriptable texts(
      BoundedContext context, Scriptable scope, Scriptable self, @Nullable Object[] arguments) {
    for (Object argument : arguments) {
      if (argument instanceof CharSequence text) {
        context.checkText(text.length());
      }
    }
    return self;
  }

  private static Check ofString(String name) {
    return (context, scope, self, arguments) -> {
      texts(context, scope, self, arguments);
      Scriptable text = isText(self) ? self : text(context, scope, self);
      double length = context.checkText((long) length(text));
      switch (name) {
        case "repeat" -> context.checkText((long) (length * number(arguments, 0)));
        case "padStart", "padEnd" -> context.checkText((long) number(arguments, 0));
        case "concat" -> {
          double sum = length;
          for (Object argument : arguments) {
            sum += argument instanceof CharSequence more ? more.length() : 0;
          }
          context.checkText((long) sum);
        }
        case "replace", "replaceAll" -> {
          requireFew(length * length(arguments, 0));
          boolean once = name.equals("replace") && length(arguments, 0) > 0;
          if (replaced(length, once, arguments) > MOST_REPLACED) {
            throw new BoundedContext.TooCostly("a replacement that may make too long a string");
          }
        }
        case "startsWith", "endsWith", "charAt", "charCodeAt", "slice", "substring" -> {}
        default -> requireFew(length * length(arguments, 0));
      }
      return text;
    };
  }

  private static Scriptable text(BoundedContext context, Scriptable scope, Scriptable self) {
    Object primitive = self.getDefaultValue(ScriptRuntime.StringClass);
    if (primitive instanceof CharSequence text) {
      context.checkText(text.length());
    }
    return ScriptRuntime.toObject(context, scope, ScriptRuntime.toString(primitive));
  }

  private static double number(@Nullable Object[] arguments, int place) {
    double number = arguments.length > place ? ScriptRuntime.toNumber(arguments[place]) : 0;
    return number > 0 ? number : 0;
  }

  private static double length(@Nullable Object[] arguments, int place) {
    return arguments.length > place && arguments[place] instanceof CharSequence text
        ? text.length()
        : 0;
  }

  /** How long a string can be at most when each of its characters is replaced. */
  private static double replaced(double length, boolean once, @Nullable Object[] arguments) {
    if (arguments.length < 2 || !(arguments[1] instanceof CharSequence by)) {
      return length; // a function's answers are looked at one by one
    }
    double matches = once ? 1 : length + 1;
    double most = length + matches * by.length();
    String replacement = by.toString();
    for (int i = 0; i + 1 < replacement.length(); i++) {
      if (replacement.charAt(i) == '$') {
        char what = replacement.charAt(i + 1);
        most += what == '`' || what == '\'' ? matches * length : length;
      }
    }
    return most;
  }

  private static void requireFew(double comparisons) {
    if (comparisons > MOST_COMPARISONS) {
      throw new BoundedContext.TooCostly("a search of a long text in a long one");
    }
  }
}
