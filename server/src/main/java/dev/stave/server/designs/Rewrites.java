package dev.stave.server.designs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.server.documents.DocumentPath;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.RequestTarget;
import dev.stave.server.exchange.Rewritten;
import dev.stave.server.exchange.Urls;
import dev.stave.server.script.ScriptPool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code rewrites} of design documents: where {@code /{db}/_design/{ddoc}/_rewrite/…} leads to. An
 * array of rules, of which the first that fits counts, or a function of the request.
 */
public final class Rewrites {

  private static final String MEMBER = "rewrites";
  private static final String ANY = "*";

  private final ScriptPool scripts;

  public Rewrites(ScriptPool scripts) {
    this.scripts = scripts;
  }

  /**
   * What is asked instead of {@code request}.
   *
   * @throws HttpException 404 if no rule fits, and as the design document says
   */
  public Rewritten of(Request request, Database database) {
    DocumentPath path = DocumentPath.of(request.path());
    Document design = database.get(path.id()).orElseThrow(() -> HttpException.notFound("missing"));
    JsonNode rewrites = design.body().sharedTree().path(MEMBER);
    List<String> asked = path.rest().subList(1, path.rest().size());
    List<String> base = request.path().subList(0, request.path().size() - path.rest().size());
    if (rewrites.isTextual()) {
      return ofFunction(request, database, design, base);
    }
    if (!rewrites.isArray()) {
      throw HttpException.notFound("Invalid path.");
    }
    for (JsonNode rule : rewrites) {
      String method = rule.path("method").asText(ANY);
      Map<String, String> names = new LinkedHashMap<>(request.parameters().values());
      boolean fits = method.equals(ANY) || method.equalsIgnoreCase(request.method());
      if (fits && binds(segments(rule.path("from").asText(ANY)), asked, names)) {
        return ofRule(rule, base, names, request);
      }
    }
    throw HttpException.notFound("no rule of " + path.id() + " fits /" + String.join("/", asked));
  }

  /** Whether {@code pattern} fits; puts into {@code names} what its variables stand for. */
  private static boolean binds(List<String> pattern, List<String> path, Map<String, String> names) {
    for (int i = 0; i < pattern.size(); i++) {
      String each = pattern.get(i);
      if (each.equals(ANY) && i == pattern.size() - 1) {
        names.put(ANY, encoded(path.subList(Math.min(i, path.size()), path.size())));
        return true;
      }
      if (i >= path.size()) {
        return false;
      }
      if (each.startsWith(":")) {
        names.put(each.substring(1), path.get(i));
      } else if (!each.equals(path.get(i))) {
        return false;
      }
    }
    return pattern.size() == path.size();
  }

  private static Rewritten ofRule(
      JsonNode rule, List<String> base, Map<String, String> names, Request request) {
    Map<String, String> query = new LinkedHashMap<>(request.parameters().values());
    rule.path("query")
        .fields()
        .forEachRemaining(each -> query.put(each.getKey(), value(each.getValue(), rule, names)));
    String to = withoutQuery(rule.path("to").asText(ANY), query);
    List<String> target = new ArrayList<>();
    for (String segment : segments(to)) {
      if (segment.equals(ANY)) {
        target.add(names.getOrDefault(ANY, ""));
      } else if (segment.startsWith(":") && names.containsKey(segment.substring(1))) {
        target.add(Urls.encoded(names.get(segment.substring(1))));
      } else {
        target.add(segment);
      }
    }
    return new Rewritten(resolved(base, String.join("/", target)), query, request.method(), null);
  }

  /** Variables in a query: a whole text, or texts in the JSON that a key is. */
  private static String value(JsonNode value, JsonNode rule, Map<String, String> names) {
    if (value.isTextual()) {
      String text = value.textValue();
      return text.startsWith(":") ? names.getOrDefault(text.substring(1), text) : text;
    }
    return bound(value, rule.path("formats"), names).toString();
  }

  private static JsonNode bound(JsonNode value, JsonNode formats, Map<String, String> names) {
    if (value.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      value.forEach(each -> array.add(bound(each, formats, names)));
      return array;
    }
    String name = value.isTextual() && value.textValue().startsWith(":") ? value.textValue() : "";
    String text = name.isEmpty() ? null : names.get(name.substring(1));
    if (text == null) {
      return value;
    }
    JsonNodeFactory factory = JsonNodeFactory.instance;
    boolean isInt = formats.path(name.substring(1)).asText().equals("int");
    return isInt && text.matches("-?[0-9]{1,15}")
        ? factory.numberNode(Long.parseLong(text))
        : factory.textNode(text);
  }

  private Rewritten ofFunction(
      Request request, Database database, Document design, List<String> base) {
    JsonNode answer =
        scripts.with(
            database,
            design,
            script -> script.call(List.of(MEMBER), ScriptRequest.of(request, database, null)));
    String to = answer.isTextual() ? answer.textValue() : answer.path("path").asText("");
    if (to.isEmpty()) {
      throw HttpException.badRequest(
          "the function `rewrites` returns a path, or an object with `path`");
    }
    Map<String, String> query = new LinkedHashMap<>(request.parameters().values());
    String path = withoutQuery(to, query);
    answer
        .path("query")
        .fields()
        .forEachRemaining(
            each ->
                query.put(
                    each.getKey(),
                    each.getValue().isTextual()
                        ? each.getValue().textValue()
                        : each.getValue().toString()));
    byte @Nullable [] body =
        Optional.ofNullable(answer.path("body").textValue())
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .orElse(null);
    return new Rewritten(
        resolved(base, path), query, answer.path("method").asText(request.method()), body);
  }

  /** What is before the question mark of {@code to}; what is behind it goes into {@code query}. */
  private static String withoutQuery(String to, Map<String, String> query) {
    int question = to.indexOf('?');
    if (question < 0) {
      return to;
    }
    query.putAll(RequestTarget.form(to.substring(question + 1)).values());
    return to.substring(0, question);
  }

  /** Below the design document, or with {@code ..} above it, as far as the database. */
  private static List<String> resolved(List<String> base, String to) {
    List<String> path = new ArrayList<>(base);
    for (String segment : RequestTarget.parse("/" + to, "").segments()) {
      if (segment.equals("..")) {
        if (path.size() == 1) {
          throw HttpException.badRequest("`rewrites` leads out of the database: " + to);
        }
        path.remove(path.size() - 1);
      } else if (!segment.equals(".")) {
        path.add(segment);
      }
    }
    return path;
  }

  private static String encoded(List<String> segments) {
    return String.join("/", segments.stream().map(Urls::encoded).toList());
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/")).stream().filter(each -> !each.isEmpty()).toList();
  }
}
