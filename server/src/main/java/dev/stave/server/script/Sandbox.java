package dev.stave.server.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Callable;
import org.mozilla.javascript.CompilerEnvirons;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.LambdaFunction;
import org.mozilla.javascript.Parser;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.ast.BigIntLiteral;

/**
 * A place of its own for JavaScript: the language's library without what leads out of it, and the
 * helpers of CouchDB's query server. For one thread at a time.
 */
final class Sandbox {

  /** What runs in a sandbox. */
  interface Work<T extends @Nullable Object> {
    T run(BoundedContext context);
  }

  private static final Script HELPERS = helpers();

  private final ScriptLimits limits;
  private final ScriptableObject global;

  Sandbox(ScriptLimits limits) {
    this.limits = limits;
    this.global = run(Sandbox::newGlobal);
  }

  private static ScriptableObject newGlobal(BoundedContext context) {
    ScriptableObject made = context.initSafeStandardObjects(null, false);
    Guards.install(made);
    define(made, "stringify", (cx, scope, self, given) -> JsonText.stringify(given));
    HELPERS.exec(context, made);
    return made;
  }

  private static Script helpers() {
    Context context = BoundedContext.FACTORY.enterContext();
    try (InputStream in = Objects.requireNonNull(Sandbox.class.getResourceAsStream("couchdb.js"))) {
      String source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return context.compileString(source, "couchdb.js", 1, null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Context.exit();
    }
  }

  private static void define(ScriptableObject owner, String name, Callable function) {
    LambdaFunction made = new LambdaFunction(owner, name, 1, function);
    ScriptableObject.defineProperty(owner, name, made, ScriptableObject.DONTENUM);
  }

  /** Gives scripts a function of ours. */
  void define(String name, Callable function) {
    define(global, name, function);
  }

  /** Takes a helper away from scripts. */
  Object take(String name) {
    Object helper = ScriptableObject.getProperty(global, name);
    global.delete(name);
    return helper;
  }

  /** A function without arguments. */
  Function function(Supplier<@Nullable Object> work) {
    return new LambdaFunction(global, "next", 0, (context, scope, self, given) -> work.get());
  }

  ScriptableObject global() {
    return global;
  }

  /**
   * Runs {@code work} within the limits.
   *
   * @throws ScriptException if it throws, or costs too much
   */
  <T extends @Nullable Object> T run(Work<T> work) {
    BoundedContext context = (BoundedContext) BoundedContext.FACTORY.enterContext();
    try {
      context.begin(limits);
      return work.run(context);
    } catch (JavaScriptException e) {
      throw Thrown.of(e);
    } catch (RhinoException e) {
      throw new ScriptException(Thrown.nameOf(e), Thrown.located(e.details(), e));
    } catch (BoundedContext.TooCostly e) {
      throw new ScriptException(ScriptException.TOO_COSTLY, "stopped: " + e.getMessage());
    } catch (StackOverflowError e) {
      throw new ScriptException(ScriptException.TOO_COSTLY, "stopped: its calls are too deep");
    } catch (NegativeArraySizeException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new ScriptException(ScriptException.TOO_COSTLY, "stopped: it is too large: " + e);
    } catch (OutOfMemoryError e) { // of one string or array that is larger than the heap
      throw new ScriptException(ScriptException.TOO_COSTLY, "stopped: it takes too much memory");
    } finally {
      Context.exit();
    }
  }

  /**
   * Makes a function of its source.
   *
   * @param place names it in errors
   * @throws ScriptException if it cannot be compiled
   */
  Function compile(String source, String place) {
    try {
      Object made = run(context -> evaluate(context, source, place));
      if (made instanceof Function function) {
        return function;
      }
    } catch (ScriptException e) {
      throw new ScriptException("compilation_error", e.reason());
    }
    throw new ScriptException(
        "compilation_error", "the source is no function (at " + place + "): " + shown(source));
  }

  Object evaluate(Context context, String source, String place) {
    String expression = "(" + source.replaceFirst("[;\\s]+$", "") + "\n)";
    CompilerEnvirons options = new CompilerEnvirons();
    options.initFromContext(context);
    new Parser(options)
        .parse(expression, place, 1)
        .visit(
            node -> {
              if (node instanceof BigIntLiteral) { // one power of it may take for ever
                throw ScriptRuntime.constructError("SyntaxError", "there are no BigInts here");
              }
              return true;
            });
    return context.evaluateString(global, expression, place, 1, null);
  }

  private static String shown(String source) {
    return source.length() <= 200 ? source : source.substring(0, 200) + "…";
  }

  /** Calls {@code function}; within {@link #run}. */
  @Nullable Object call(
      BoundedContext context, Function function, Scriptable self, @Nullable Object... arguments) {
    return function.call(context, global, self, arguments);
  }
}
