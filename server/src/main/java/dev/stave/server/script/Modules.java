package dev.stave.server.script;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mozilla.javascript.EcmaError;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.LambdaFunction;
import org.mozilla.javascript.ScriptRuntime;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/** {@code require}: CommonJS modules, which are strings within the design document. */
final class Modules {

  private final Sandbox sandbox;
  private final String id;
  private final JsonNode design;
  private final Map<List<String>, Scriptable> known = new HashMap<>();

  Modules(Sandbox sandbox, String id, JsonNode design) {
    this.sandbox = sandbox;
    this.id = id;
    this.design = design;
  }

  /** The function {@code require} for code in the folder {@code base} of the design document. */
  LambdaFunction require(List<String> base) {
    return new LambdaFunction(
        sandbox.global(),
        "require",
        1,
        (context, scope, self, given) ->
            exports(
                (BoundedContext) context,
                base,
                ScriptRuntime.toString(given.length > 0 ? given[0] : "")));
  }

  private Object exports(BoundedContext context, List<String> base, String name) {
    List<String> path = resolve(base, name);
    Scriptable module = known.get(path);
    if (module == null) {
      JsonNode source = design;
      for (String step : path) {
        source = source.path(step);
      }
      if (!source.isTextual()) {
        throw invalid("there is no module " + name + " in " + id);
      }
      module = context.newObject(sandbox.global());
      Scriptable exports = context.newObject(sandbox.global());
      ScriptableObject.putProperty(module, "exports", exports);
      ScriptableObject.putProperty(module, "id", String.join("/", path));
      known.put(path, module); // before it runs: two may require each other
      run(context, path, source.textValue(), module, exports);
    }
    return ScriptableObject.getProperty(module, "exports");
  }

  private void run(
      BoundedContext context,
      List<String> path,
      String source,
      Scriptable module,
      Scriptable exports) {
    String place = id + "/" + String.join("/", path);
    boolean ran = false;
    try {
      Function body =
          (Function)
              sandbox.evaluate(
                  context, "function (module, exports, require) {" + source + "\n}", place);
      sandbox.call(
          context, body, exports, module, exports, require(path.subList(0, path.size() - 1)));
      ran = true;
    } finally {
      if (!ran) {
        known.remove(path);
      }
    }
  }

  private static List<String> resolve(List<String> base, String name) {
    boolean relative = name.startsWith("./") || name.startsWith("../");
    List<String> path = new ArrayList<>(relative ? base : List.of());
    for (String step : name.split("/", -1)) {
      if (step.equals("..")) {
        if (path.isEmpty()) {
          throw invalid("the path leads out of the design document: " + name);
        }
        path.remove(path.size() - 1);
      } else if (!step.equals(".") && !step.isEmpty()) {
        path.add(step);
      }
    }
    return path;
  }

  private static EcmaError invalid(String message) {
    return ScriptRuntime.constructError("Error", "invalid_require_path: " + message);
  }
}
