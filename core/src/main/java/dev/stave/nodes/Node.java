package dev.stave.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A value in a document, and where it stands. Immutable. */
public final class Node {

  private final @Nullable Node parent;
  private final @Nullable String name;
  private final int index;
  private final JsonNode value;

  private Node(@Nullable Node parent, @Nullable String name, int index, JsonNode value) {
    this.parent = parent;
    this.name = name;
    this.index = index;
    this.value = value;
  }

  static Node root(JsonNode value) {
    return new Node(null, null, 0, value);
  }

  Node member(String memberName, JsonNode memberValue) {
    return new Node(this, memberName, 0, memberValue);
  }

  Node element(int place) {
    return new Node(this, null, place, value.get(place));
  }

  /** The value, a copy of the caller's own. */
  public JsonNode value() {
    return value.deepCopy();
  }

  /** The value itself, without a copy, for code that only reads. Whoever changes it breaks it. */
  public JsonNode sharedValue() {
    return value;
  }

  /** The place, as the normalized path of RFC 9535: {@code $['tags'][0]}. */
  public String path() {
    Deque<Node> steps = new ArrayDeque<>();
    for (Node at = this; at.parent != null; at = at.parent) {
      steps.push(at);
    }
    StringBuilder path = new StringBuilder("$");
    for (Node step : steps) {
      if (step.name == null) {
        path.append('[').append(step.index).append(']');
      } else {
        path.append("['");
        appendEscaped(path, step.name);
        path.append("']");
      }
    }
    return path.toString();
  }

  private static void appendEscaped(StringBuilder path, String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      int letter = "\b\t\n\f\r'\\".indexOf(c);
      if (letter >= 0) {
        path.append('\\').append("btnfr'\\".charAt(letter));
      } else if (c < ' ') {
        path.append(String.format("\\u%04x", (int) c));
      } else {
        path.append(c);
      }
    }
  }

  /** The path and the value, for people. */
  @Override
  public String toString() {
    return path() + ": " + value;
  }
}
