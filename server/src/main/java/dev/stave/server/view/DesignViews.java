package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.document.Document;
import dev.stave.json.CanonicalJson;
import dev.stave.json.JsonObject;
import dev.stave.server.script.DesignScript;
import dev.stave.server.script.ScriptException;
import dev.stave.server.script.ScriptLimits;
import dev.stave.server.wire.Digests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The views of one design document: what of it makes its index what it is. */
public final class DesignViews {

  static final Set<String> BUILT_IN = Set.of("_sum", "_count", "_stats", "_approx_count_distinct");

  /** A view's name, which map function its rows are of, and its reduce function, if it has one. */
  public record View(String name, int map, @Nullable String reduce) {}

  private final String id;
  private final ObjectNode code;
  private final Map<String, View> views = new LinkedHashMap<>();
  private final List<String> maps = new ArrayList<>();
  private final boolean includeDesign;
  private final boolean localSequence;
  private final String signature;

  private DesignViews(String id, JsonNode design) {
    this.id = id;
    this.code = JsonNodeFactory.instance.objectNode();
    code.set("views", design.path("views").isObject() ? design.get("views") : null);
    JsonNode options = design.path("options");
    this.includeDesign = options.path("include_design").asBoolean();
    this.localSequence = options.path("local_seq").asBoolean();
    this.signature = signature(design);
    Map<String, Integer> known = new LinkedHashMap<>(); // the same function is asked once
    design.path("views").fields().forEachRemaining(view -> add(view, known));
  }

  private void add(Map.Entry<String, JsonNode> view, Map<String, Integer> known) {
    JsonNode map = view.getValue().path("map");
    if (view.getKey().equals("lib") || !map.isTextual()) {
      return;
    }
    Integer number = known.get(map.textValue());
    if (number == null) {
      number = maps.size();
      known.put(map.textValue(), number);
      maps.add(view.getKey());
    }
    String reduce = view.getValue().path("reduce").textValue();
    views.put(view.getKey(), new View(view.getKey(), number, reduce));
  }

  /** The views of {@code design}; empty if its language is not JavaScript. */
  public static Optional<DesignViews> of(Document design) {
    JsonNode body = design.body().sharedTree();
    return body.path("language").asText("javascript").equals("javascript")
        ? Optional.of(new DesignViews(design.id(), body))
        : Optional.empty();
  }

  /**
   * Passes if the views of a design document can be made.
   *
   * @throws ScriptException {@code compilation_error} or {@code invalid_design_doc}
   */
  public static void check(String id, JsonObject body, ScriptLimits limits) {
    JsonNode design = body.sharedTree();
    if (!design.path("language").asText("javascript").equals("javascript")) {
      return;
    }
    for (String part : List.of("views", "filters", "lists", "shows", "updates", "options")) {
      if (design.has(part) && !design.get(part).isObject()) {
        throw invalid("`" + part + "` parameter must be an object.");
      }
    }
    DesignScript script = null;
    for (Map.Entry<String, JsonNode> view : design.path("views").properties()) {
      if (!view.getKey().equals("lib")) {
        script = script == null ? new DesignScript(id, design, limits) : script;
        check(view.getKey(), view.getValue(), script);
      }
    }
  }

  private static void check(String name, JsonNode view, DesignScript script) {
    if (!view.isObject()) {
      throw invalid("View " + name + " must be an object.");
    }
    JsonNode reduce = view.path("reduce");
    if (view.has("map") && !view.get("map").isTextual()
        || view.has("reduce") && !reduce.isTextual()) {
      throw invalid("`map` and `reduce` in view " + name + " must be strings.");
    }
    if (view.has("map")) {
      compile("map", name, script);
    }
    if (reduce.isTextual() && !isBuiltIn(reduce.textValue())) {
      compile("reduce", name, script);
    }
  }

  private static void compile(String kind, String view, DesignScript script) {
    try {
      script.compile("views", view, kind);
    } catch (ScriptException e) {
      throw ScriptException.of(
          e.error(),
          "Compilation of the "
              + kind
              + " function in the '"
              + view
              + "' view failed: "
              + e.reason());
    }
  }

  private static ScriptException invalid(String reason) {
    return ScriptException.of("invalid_design_doc", reason);
  }

  private static String signature(JsonNode design) {
    ObjectNode parts = JsonNodeFactory.instance.objectNode();
    for (String part : List.of("views", "options")) {
      parts.set(part, design.path(part).isMissingNode() ? null : design.get(part));
    }
    parts.put("order", RowKeys.ORDER);
    return Digests.hex("MD5", CanonicalJson.bytes(parts));
  }

  /** The design document's id. */
  public String id() {
    return id;
  }

  /** Names the index: two design documents with the same views have one. */
  public String signature() {
    return signature;
  }

  public Optional<View> view(String name) {
    return Optional.ofNullable(views.get(name));
  }

  /** Of each map function a view that has it. */
  List<String> maps() {
    return maps;
  }

  boolean includesDesign() {
    return includeDesign;
  }

  boolean hasLocalSequence() {
    return localSequence;
  }

  /** What functions of views may require: themselves, and {@code views.lib}. */
  JsonNode code() {
    return code;
  }

  /** Whether a reduce function is one of ours; those that begin with an underscore have to be. */
  static boolean isBuiltIn(String reduce) {
    if (!reduce.startsWith("_")) {
      return false;
    }
    if (!BUILT_IN.contains(reduce)) {
      throw ScriptException.of(
          "invalid_design_doc", "`" + reduce + "` is not a supported reduce function.");
    }
    return true;
  }
}
