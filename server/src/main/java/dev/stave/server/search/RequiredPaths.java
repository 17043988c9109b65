package dev.stave.server.search;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which paths each document has that a selector finds, and on which of them there is a range. */
final class RequiredPaths {

  private static final Set<String> RANGES =
      Set.of("$eq", "$lt", "$lte", "$gt", "$gte", "$beginsWith");

  private final Set<String> paths = new HashSet<>();
  private final Set<String> ranges = new HashSet<>();
  private final Set<String> values = new HashSet<>();

  private RequiredPaths() {}

  static RequiredPaths of(JsonNode selector) {
    RequiredPaths required = new RequiredPaths();
    required.take("", selector);
    return required;
  }

  boolean has(String path) {
    return paths.contains(path);
  }

  boolean hasRange(String path) {
    return ranges.contains(path);
  }

  /** Whether all have the same value there. */
  boolean hasOneValue(String path) {
    return values.contains(path);
  }

  /** Takes in what is said of {@code path}, or if that is empty, of the document. */
  private void take(String path, JsonNode said) {
    if (!said.isObject() || said.isEmpty()) {
      add(path, "$eq");
      return;
    }
    for (Map.Entry<String, JsonNode> member : said.properties()) {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (name.equals("$and")) {
        value.forEach(part -> take(path, part));
      } else if (name.equals("$or")) {
        takeAny(path, value);
      } else if (!name.startsWith("$")) {
        take(path.isEmpty() ? name : path + "." + name, value);
      } else if (!name.equals("$nor") && !(name.equals("$exists") && !value.asBoolean())) {
        add(path, name);
      }
    }
  }

  /** What all the parts require. A range of one of them narrows nothing. */
  private void takeAny(String path, JsonNode parts) {
    Set<String> common = null;
    for (JsonNode part : parts) {
      RequiredPaths required = new RequiredPaths();
      required.take(path, part);
      if (common == null) {
        common = required.paths;
      } else {
        common.retainAll(required.paths);
      }
    }
    if (common != null) {
      paths.addAll(common);
    }
  }

  private void add(String path, String operator) {
    if (!path.isEmpty()) {
      paths.add(path);
      if (RANGES.contains(operator)) {
        ranges.add(path);
      }
      if (operator.equals("$eq")) {
        values.add(path);
      }
    }
  }
}
