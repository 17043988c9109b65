package dev.stave.server.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.Undefined;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of one design document, in a sandbox of their own. Each call is for itself: it gets
 * copies, and what it may cost is in {@link ScriptLimits}. Any thread may call any method; they
 * wait for one another.
 */
public final class DesignScript {

  private static final Logger LOG = LoggerFactory.getLogger(DesignScript.class);

  private static final int LOGGED = 1_000;

  private final String id;
  private final JsonNode design;
  private final ScriptLimits limits;
  private final Sandbox sandbox;
  private final Map<List<String>, Function> compiled = new HashMap<>();
  private final Function respond;
  private @Nullable Scriptable self;
  private @Nullable BiConsumer<JsonNode, JsonNode> emitted;

  /**
   * The functions of the design document {@code id}; none of them is compiled before it is used.
   *
   * @param design its body; what is not in it cannot be required
   */
  public DesignScript(String id, JsonNode design, ScriptLimits limits) {
    this.id = id;
    this.design = design;
    this.limits = limits;
    this.sandbox = new Sandbox(limits);
    sandbox.define("emit", (context, scope, self, given) -> emit(given));
    sandbox.define("log", (context, scope, self, given) -> log(given));
    this.respond = (Function) sandbox.take("respond");
    Modules modules = new Modules(sandbox, id, design);
    sandbox.run(
        context -> {
          sandbox.global().put("require", sandbox.global(), modules.require(List.of()));
          return true;
        });
  }

  private Object emit(@Nullable Object[] given) {
    BiConsumer<JsonNode, JsonNode> sink = emitted;
    if (sink == null) {
      throw ScriptRuntime.constructError("Error", "only a map function can emit");
    }
    sink.accept(
        JsonValues.toJson(given.length > 0 ? given[0] : null),
        JsonValues.toJson(given.length > 1 ? given[1] : null));
    return Undefined.instance;
  }

  private Object log(@Nullable Object[] given) {
    Object value = given.length > 0 ? given[0] : null;
    String text =
        value instanceof CharSequence chars
            ? chars.toString()
            : JsonValues.toJson(value).toString();
    LOG.info("{}: {}", id, text.length() <= LOGGED ? text : text.substring(0, LOGGED) + "…");
    return Undefined.instance;
  }

  /** Whether there is a function at {@code path}. */
  public boolean has(String... path) {
    return source(path).isPresent();
  }

  private Optional<String> source(String... path) {
    JsonNode at = design;
    for (String step : path) {
      at = at.path(step);
    }
    return Optional.ofNullable(at.textValue());
  }

  /**
   * Passes if what is at {@code path} is a function.
   *
   * @throws ScriptException {@code compilation_error}, or {@code not_found} if nothing is there
   */
  public synchronized void compile(String... path) {
    function(path);
  }

  private Function function(String... path) {
    List<String> key = List.of(path);
    Function known = compiled.get(key);
    if (known == null) {
      String source =
          source(path)
              .orElseThrow(
                  () ->
                      new ScriptException(
                          "not_found",
                          "missing function " + String.join(".", path) + " on design doc " + id));
      known = sandbox.compile(source, id + "/" + String.join("/", path));
      compiled.put(key, known);
    }
    return known;
  }

  /** Calls the map function of {@code view} and hands over what it emits. */
  public synchronized void map(
      String view, JsonNode document, BiConsumer<JsonNode, JsonNode> sink) {
    Function function = function("views", view, "map");
    emitted = sink;
    try {
      sandbox.run(
          context -> {
            sandbox.call(context, function, sandbox.global(), toScript(document));
            return true;
          });
    } finally {
      emitted = null;
    }
  }

  /** Calls the reduce function of {@code view}; with {@code keys} null it reduces again. */
  public synchronized JsonNode reduce(String view, @Nullable JsonNode keys, JsonNode values) {
    Function function = function("views", view, "reduce");
    return sandbox.run(
        context ->
            JsonValues.toJson(
                sandbox.call(
                    context,
                    function,
                    sandbox.global(),
                    toScript(
                        keys == null ? NullNode.getInstance() : keys,
                        values,
                        BooleanNode.valueOf(keys == null)))));
  }

  /** Calls the function at {@code path} with the design document as {@code this}. */
  public synchronized JsonNode call(List<String> path, JsonNode... arguments) {
    Function function = function(path.toArray(String[]::new));
    return sandbox.run(
        context -> JsonValues.toJson(sandbox.call(context, function, self(), toScript(arguments))));
  }

  /**
   * Calls a function that answers a request.
   *
   * @param first the document, or what is known of the list
   * @param rows what {@code getRow} hands over; the time of the call begins anew with each
   * @return with {@code code}, {@code headers}, and one of {@code body}, {@code json} and {@code
   *     base64}, as far as they are there
   */
  public synchronized JsonNode respond(
      List<String> path, JsonNode first, JsonNode request, Iterator<? extends JsonNode> rows) {
    Function function = function(path.toArray(String[]::new));
    return sandbox.run(
        context -> {
          @Nullable Object[] given = toScript(first, request);
          Object next = sandbox.function(() -> row(rows));
          return JsonValues.toJson(
              sandbox.call(
                  context, respond, sandbox.global(), function, self(), given[0], given[1], next));
        });
  }

  private @Nullable Object row(Iterator<? extends JsonNode> rows) {
    JsonNode row = rows.hasNext() ? rows.next() : null;
    BoundedContext.current().begin(limits);
    return row == null ? null : JsonValues.toScript(row, sandbox.global());
  }

  /** As {@link #call}; whether the answer counts as true. */
  public synchronized boolean test(List<String> path, JsonNode... arguments) {
    Function function = function(path.toArray(String[]::new));
    return sandbox.run(
        context ->
            ScriptRuntime.toBoolean(sandbox.call(context, function, self(), toScript(arguments))));
  }

  /** The design document, as functions see it. */
  private Scriptable self() {
    Scriptable known = self;
    if (known == null) {
      known = (Scriptable) Objects.requireNonNull(JsonValues.toScript(design, sandbox.global()));
      self = known;
    }
    return known;
  }

  private @Nullable Object[] toScript(JsonNode... values) {
    @Nullable Object[] made = new @Nullable Object[values.length];
    for (int i = 0; i < values.length; i++) {
      made[i] = JsonValues.toScript(values[i], sandbox.global());
    }
    return made;
  }
}
