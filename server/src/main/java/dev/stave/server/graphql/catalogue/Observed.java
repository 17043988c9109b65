package dev.stave.server.graphql.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values that were seen at one path: their types, how many, and what is in them. */
final class Observed {

  static final int BOOLEAN = 1;
  static final int NUMBER = 2;
  static final int STRING = 4;
  static final int ARRAY = 8;
  static final int OBJECT = 16;

  /** All but arrays and objects. */
  static final int SCALARS = BOOLEAN | NUMBER | STRING;

  private final Map<String, Observed> members = new LinkedHashMap<>();
  private @Nullable Observed elements;
  private int types;
  private long count;

  /** Which types there were; nulls are of none. */
  int types() {
    return types;
  }

  /** How many values, or documents that have one. */
  long count() {
    return count;
  }

  Map<String, Observed> members() {
    return members;
  }

  @Nullable Observed elements() {
    return elements;
  }

  /** Adds a value and all that is in it. */
  void add(JsonNode value) {
    count++;
    types |= typeOf(value);
    if (value.isArray()) {
      for (JsonNode element : value) {
        element().add(element);
      }
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      member(member.getKey()).add(member.getValue());
    }
  }

  static int typeOf(JsonNode value) {
    if (value.isTextual()) {
      return STRING;
    }
    if (value.isNumber()) {
      return NUMBER;
    }
    if (value.isBoolean()) {
      return BOOLEAN;
    }
    return value.isArray() ? ARRAY : value.isObject() ? OBJECT : 0;
  }

  /** Adds what the index knows of {@code path}, below this. */
  void add(JsonPath path, Set<String> names, long documents) {
    Observed at = this;
    for (JsonPath.Step step : path.steps()) {
      at = step instanceof JsonPath.Step.Member member ? at.member(member.name()) : at.element();
    }
    at.count += documents;
    for (String name : names) {
      at.types |=
          switch (name) {
            case "string" -> STRING;
            case "number" -> NUMBER;
            case "boolean" -> BOOLEAN;
            case "array" -> ARRAY;
            case "object" -> OBJECT;
            default -> 0;
          };
    }
  }

  /** Adds types that a schema says, as of something that most objects have. */
  void declare(int more) {
    types |= more;
    count += Growth.MIN_OBJECTS;
  }

  Observed member(String name) {
    types |= OBJECT;
    return members.computeIfAbsent(name, key -> new Observed());
  }

  Observed element() {
    types |= ARRAY;
    Observed known = elements;
    if (known == null) {
      known = new Observed();
      elements = known;
    }
    return known;
  }

  /** Adds all that {@code other} has seen, as if it had stood here. */
  void add(Observed other) {
    types |= other.types;
    count += other.count;
    other.members.forEach((name, member) -> member(name).add(member));
    Observed theirs = other.elements;
    if (theirs != null) {
      element().add(theirs);
    }
  }
}
