package dev.stave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.query.Regex;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every place of a schema where a schema stands, for what the meta-schema allows and the
 * library would leave out without a word: a regular expression that is none, a number beyond its
 * range, another draft; and collects the references, for somebody to see where they lead.
 */
final class SchemaWalk {

  static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

  private static final List<String> HOLD_ONE =
      List.of(
          "additionalProperties",
          "unevaluatedProperties",
          "unevaluatedItems",
          "items",
          "contains",
          "propertyNames",
          "not",
          "if",
          "then",
          "else");

  private static final List<String> HOLD_SOME = List.of("allOf", "anyOf", "oneOf", "prefixItems");

  private static final List<String> HOLD_NAMED =
      List.of("properties", "patternProperties", "dependentSchemas", "$defs", "definitions");

  private static final List<String> COUNTS =
      List.of(
          "maxLength",
          "minLength",
          "maxItems",
          "minItems",
          "maxContains",
          "minContains",
          "maxProperties",
          "minProperties");

  private final String rootPlace;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, String> references = new LinkedHashMap<>(); // what is said, where

  private SchemaWalk(String rootPlace) {
    this.rootPlace = rootPlace;
  }

  /** {@code rootPlace} is where in its document the schema is. */
  static SchemaWalk of(JsonNode schema, URI base, String rootPlace) {
    SchemaWalk walk = new SchemaWalk(rootPlace);
    walk.visit(schema, "", base);
    return walk;
  }

  List<Problem> problems() {
    return problems;
  }

  /** Each reference, whole, and one place where it stands. */
  Map<String, String> references() {
    return references;
  }

  private void visit(@Nullable JsonNode schema, String place, URI outer) {
    if (schema == null || !schema.isObject()) {
      return;
    }
    URI base = base(schema, place, outer);
    String draft = schema.path("$schema").asText(DRAFT);
    if (!draft.equals(DRAFT) && !draft.equals(DRAFT + "#")) {
      refuse(place + "/$schema", "a schema here is of draft 2020-12, " + DRAFT);
    }
    reference(schema.get("$ref"), place + "/$ref", base);
    reference(schema.get("$dynamicRef"), place + "/$dynamicRef", base);
    if (schema.path("pattern").isTextual()) {
      regex(schema.get("pattern").textValue(), place + "/pattern");
    }
    for (String name : COUNTS) {
      if (schema.path(name).isNumber() && !schema.get(name).canConvertToInt()) {
        refuse(place + "/" + name, "at most " + Integer.MAX_VALUE);
      }
    }
    HOLD_ONE.forEach(name -> visit(schema.get(name), place + "/" + name, base));
    for (String name : HOLD_SOME) {
      int i = 0;
      for (JsonNode each : schema.path(name)) {
        visit(each, place + "/" + name + "/" + i++, base);
      }
    }
    HOLD_NAMED.forEach(name -> visitNamed(schema.path(name), place + "/" + name, base));
  }

  private void visitNamed(JsonNode schemas, String place, URI base) {
    boolean arePatterns = place.endsWith("/patternProperties");
    for (Iterator<Map.Entry<String, JsonNode>> all = schemas.fields(); all.hasNext(); ) {
      Map.Entry<String, JsonNode> named = all.next();
      String name = named.getKey();
      String at = place + "/" + dev.harrel.jsonschema.JsonNode.encodeJsonPointer(name);
      if (arePatterns) {
        regex(name, at);
        if (at.indexOf('#') >= 0) { // the library would take it for a fragment's beginning
          refuse(at, "no # in or above a name of patternProperties: write it as \\x23");
        }
      }
      visit(named.getValue(), at, base);
    }
  }

  private URI base(JsonNode schema, String place, URI outer) {
    String id = schema.path("$id").textValue();
    URI uri = id == null ? null : uri(id, place + "/$id");
    return uri == null ? outer : outer.resolve(uri);
  }

  private void reference(@Nullable JsonNode reference, String place, URI base) {
    if (reference == null || !reference.isTextual()) {
      return;
    }
    String text = reference.textValue();
    int hash = text.indexOf('#');
    String resource = hash < 0 ? text : text.substring(0, hash);
    String fragment = hash < 0 ? "" : text.substring(hash);
    URI uri = uri(resource, place);
    if (uri != null) {
      URI whole = resource.isEmpty() ? base : base.resolve(uri);
      references.putIfAbsent(whole + fragment, place);
    }
  }

  private @Nullable URI uri(String text, String place) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      refuse(place, "not a URI: " + e.getMessage());
      return null;
    }
  }

  private void regex(String text, String place) {
    try {
      Regex.of(text);
    } catch (IllegalArgumentException e) {
      refuse(place, "not a regular expression that is accepted: " + e.getMessage());
    }
  }

  private void refuse(String place, String message) {
    problems.add(Problem.at(rootPlace + place, message, JsonSchema.RULE));
  }
}
