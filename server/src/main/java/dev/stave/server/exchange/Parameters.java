package dev.stave.server.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.InvalidJsonException;
import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What a request says after the question mark, by name. */
public record Parameters(Map<String, String> values) {

  public static final Parameters NONE = new Parameters(Map.of());

  /** These, and {@code members} of a body over them, which mean the same. */
  public Parameters with(JsonNode members) {
    Map<String, String> both = new LinkedHashMap<>(values);
    members.fields().forEachRemaining(member -> both.put(member.getKey(), text(member.getValue())));
    return new Parameters(both);
  }

  private static String text(JsonNode value) {
    return value.toString(); // a string keeps its quotes, as a key in a URL has them
  }

  /** Those of these names alone. */
  public Parameters only(String... names) {
    Map<String, String> some = new LinkedHashMap<>(values);
    some.keySet().retainAll(Set.of(names));
    return new Parameters(some);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** True, or false if the parameter is not there. */
  public boolean flag(String name) {
    return flag(name, false);
  }

  public boolean flag(String name, boolean otherwise) {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.equals("true") && !value.equals("false")) {
      throw HttpException.badParameter("Invalid boolean value for " + name + ": " + value);
    }
    return value.equals("true");
  }

  /** A whole number that is not negative. */
  public OptionalLong number(String name) {
    String value = values.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(number(name, value));
  }

  public static long number(String name, String value) {
    if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(Character::isDigit)) {
      throw HttpException.badParameter(
          "Invalid value for " + name + ", a whole number from 0: " + value);
    }
    return Long.parseLong(value);
  }

  /** A JSON value, as keys are. */
  public Optional<JsonNode> json(String name) {
    return text(name)
        .map(
            value -> {
              try {
                return JsonObject.parseValue(value.getBytes(StandardCharsets.UTF_8));
              } catch (InvalidJsonException e) {
                throw HttpException.badParameter("Invalid JSON in " + name + ": " + e.getMessage());
              }
            });
  }

  /** The first of several names of one parameter under which it is there. */
  public String either(String name, String otherName) {
    return has(name) || !has(otherName) ? name : otherName;
  }

  /** Refuses parameters that CouchDB has, and that would change the answer. */
  public void refuse(String... names) {
    for (String name : names) {
      if (has(name) && !"false".equals(values.get(name))) {
        throw HttpException.notImplemented("the parameter " + name);
      }
    }
  }
}
