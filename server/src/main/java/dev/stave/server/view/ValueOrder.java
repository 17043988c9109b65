package dev.stave.server.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonOrder;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;

/**
 * How CouchDB orders the rows that one document has under one key: by their values, as Erlang
 * orders terms. Numbers come first, then false, null and true, objects, arrays, strings.
 */
final class ValueOrder implements Comparator<JsonNode> {

  static final ValueOrder INSTANCE = new ValueOrder();

  private ValueOrder() {}

  @Override
  public int compare(JsonNode left, JsonNode right) {
    int kind = kind(left);
    if (kind != kind(right)) {
      return Integer.compare(kind, kind(right));
    }
    return switch (kind) {
      case 0 -> left.decimalValue().compareTo(right.decimalValue());
      case 2 -> {
        Iterator<Map.Entry<String, JsonNode>> others = right.properties().iterator();
        for (Map.Entry<String, JsonNode> member : left.properties()) {
          int order = others.hasNext() ? compareMembers(member, others.next()) : 1;
          if (order != 0) {
            yield order;
          }
        }
        yield others.hasNext() ? -1 : 0;
      }
      case 3 -> {
        for (int i = 0; i < left.size(); i++) {
          int order = i < right.size() ? compare(left.get(i), right.get(i)) : 1;
          if (order != 0) {
            yield order;
          }
        }
        yield Integer.compare(left.size(), right.size());
      }
      default -> JsonOrder.compareText(left.asText(), right.asText());
    };
  }

  private int compareMembers(Map.Entry<String, JsonNode> left, Map.Entry<String, JsonNode> right) {
    int order = JsonOrder.compareText(left.getKey(), right.getKey());
    return order != 0 ? order : compare(left.getValue(), right.getValue());
  }

  private static int kind(JsonNode value) {
    if (value.isNumber()) {
      return 0;
    }
    return value.isObject() ? 2 : value.isArray() ? 3 : value.isTextual() ? 4 : 1;
  }
}
