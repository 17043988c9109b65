package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By which member the elements of a list are known. */
final class Identity {

  private static final List<String> USUAL = List.of("_id", "id", "key");

  private Identity() {}

  /**
   * The first of the members in question that every element of every list has, different in each
   * element of a list; null if there is none.
   */
  static @Nullable String of(@Nullable Strategy rule, JsonNode base, JsonNode... sides) {
    List<String> names = rule instanceof Strategy.ListByKey list ? List.of(list.key()) : USUAL;
    for (String name : names) {
      boolean identifies = identifies(name, base);
      for (int s = 0; s < sides.length && identifies; s++) {
        identifies = identifies(name, sides[s]);
      }
      if (identifies) {
        return name;
      }
    }
    return null;
  }

  private static boolean identifies(String name, JsonNode list) {
    Set<SameValue> keys = new HashSet<>();
    for (JsonNode element : list) {
      JsonNode key = element.path(name);
      if (!element.isObject()
          || !(key.isTextual() || key.isNumber())
          || !keys.add(new SameValue(key))) {
        return false;
      }
    }
    return true;
  }
}
