package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order of JSON values, CouchDB's: null, false, true, numbers, strings, arrays, objects.
 *
 * <p>All numbers are one line, compared by their exact value. Strings are compared by code points
 * (CouchDB: by ICU's rules), arrays element by element, objects pair by pair with their keys sorted
 * by code points; of two that agree so far, the shorter comes first.
 */
public final class JsonOrder implements Comparator<JsonNode> {

  public static final JsonOrder INSTANCE = new JsonOrder();

  private JsonOrder() {}

  @Override
  public int compare(JsonNode left, JsonNode right) {
    int byType = Integer.compare(rank(left), rank(right));
    if (byType != 0 || left.isNull() || left.isBoolean()) {
      return byType;
    }
    if (left.isNumber()) {
      return compareNumbers(left, right);
    }
    if (left.isTextual()) {
      return compareText(left.textValue(), right.textValue());
    }
    return left.isArray() ? compareArrays(left, right) : compareObjects(left, right);
  }

  /** The place of a value's type in the order; false and true have one each. */
  private static int rank(JsonNode value) {
    if (value.isNull()) {
      return 0;
    }
    if (value.isBoolean()) {
      return value.booleanValue() ? 2 : 1;
    }
    return value.isNumber() ? 3 : value.isTextual() ? 4 : value.isArray() ? 5 : 6;
  }

  /** CouchDB's name of a value's type: null, boolean, number, string, array or object. */
  public static String typeName(JsonNode value) {
    int rank = rank(value);
    return rank == 0
        ? "null"
        : rank < 3 ? "boolean" : List.of("number", "string", "array", "object").get(rank - 3);
  }

  private static int compareNumbers(JsonNode left, JsonNode right) {
    if (left.isIntegralNumber()
        && right.isIntegralNumber()
        && left.canConvertToLong()
        && right.canConvertToLong()) {
      return Long.compare(left.longValue(), right.longValue());
    }
    return left.decimalValue().compareTo(right.decimalValue());
  }

  /** By code points: as UTF-8 bytes compare, and unlike {@link String#compareTo}. */
  public static int compareText(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char l = left.charAt(i);
      char r = right.charAt(i);
      if (l != r) {
        boolean leftIsHigh = Character.isSurrogate(l); // beyond U+FFFF, after every single char
        boolean rightIsHigh = Character.isSurrogate(r);
        return leftIsHigh == rightIsHigh ? Character.compare(l, r) : leftIsHigh ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  private int compareArrays(JsonNode left, JsonNode right) {
    int shared = Math.min(left.size(), right.size());
    for (int i = 0; i < shared; i++) {
      int difference = compare(left.get(i), right.get(i));
      if (difference != 0) {
        return difference;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private int compareObjects(JsonNode left, JsonNode right) {
    List<String> leftNames = sortedNames(left);
    List<String> rightNames = sortedNames(right);
    int shared = Math.min(leftNames.size(), rightNames.size());
    for (int i = 0; i < shared; i++) {
      int byName = compareText(leftNames.get(i), rightNames.get(i));
      if (byName != 0) {
        return byName;
      }
      int byValue = compare(left.get(leftNames.get(i)), right.get(rightNames.get(i)));
      if (byValue != 0) {
        return byValue;
      }
    }
    return Integer.compare(leftNames.size(), rightNames.size());
  }

  private static List<String> sortedNames(JsonNode object) {
    List<String> names = new ArrayList<>(object.size());
    object.fieldNames().forEachRemaining(names::add);
    names.sort(JsonOrder::compareText);
    return names;
  }
}
