package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A list of changes of a document: a JSON Patch, whole by RFC 6902. Applied whole or not at all.
 * Immutable.
 *
 * <pre>{@code
 * JsonPatch patch = JsonPatch.parse("""
 *     [{"op": "test", "path": "/kind", "value": "oak"},
 *      {"op": "add", "path": "/tags/-", "value": "old"}]""");
 * }</pre>
 */
public final class JsonPatch {

  /** The most operations of one patch. */
  public static final int MAX_OPERATIONS = 10_000;

  /**
   * What all {@code copy} operations of a patch may copy together, in characters of names, strings
   * and numbers and one more for each value: they could else double a document again and again.
   */
  public static final int MAX_COPIED = 8 << 20;

  /** One operation, which throws {@link PatchFailedException} if it does not fit. */
  private sealed interface Operation {
    record Add(JsonPointer path, JsonNode value) implements Operation {}

    record Remove(JsonPointer path) implements Operation {}

    record Replace(JsonPointer path, JsonNode value) implements Operation {}

    record Move(JsonPointer from, JsonPointer path) implements Operation {}

    record Copy(JsonPointer from, JsonPointer path) implements Operation {}

    record Test(JsonPointer path, JsonNode value) implements Operation {}
  }

  private final JsonNode json;
  private final List<Operation> operations;

  private JsonPatch(JsonNode json, List<Operation> operations) {
    this.json = json;
    this.operations = operations;
  }

  /**
   * Reads the UTF-8 bytes of a patch.
   *
   * @throws InvalidJsonException if they are not JSON
   * @throws InvalidPatchException if the JSON is no patch
   */
  public static JsonPatch parse(byte[] json) {
    return read(JsonObject.parseValue(json));
  }

  /** As {@link #parse(byte[])}, from text. */
  public static JsonPatch parse(String json) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(json)) {
      throw new InvalidJsonException("lone surrogate in the text");
    }
    return parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonPatch read(JsonNode json) {
    if (!json.isArray()) {
      throw new InvalidPatchException(
          "a patch is an array of operations, not " + JsonOrder.typeName(json));
    }
    if (json.size() > MAX_OPERATIONS) {
      throw new InvalidPatchException(
          "too many operations", "operations", json.size(), "limit", MAX_OPERATIONS);
    }
    List<Operation> operations = new ArrayList<>();
    for (JsonNode operation : json) {
      operations.add(operation(operation, operations.size()));
    }
    return new JsonPatch(json, operations);
  }

  private static Operation operation(JsonNode json, int index) {
    String op = text(json, "op", index);
    JsonPointer path = pointer(json, "path", index);
    return switch (op) {
      case "add" -> new Operation.Add(path, value(json, index));
      case "remove" -> new Operation.Remove(path);
      case "replace" -> new Operation.Replace(path, value(json, index));
      case "move" -> new Operation.Move(pointer(json, "from", index), path);
      case "copy" -> new Operation.Copy(pointer(json, "from", index), path);
      case "test" -> new Operation.Test(path, value(json, index));
      default ->
          throw new InvalidPatchException(
              "op is add, remove, replace, move, copy or test",
              "operation",
              index,
              "op",
              JsonPointer.shown(op));
    };
  }

  private static JsonNode value(JsonNode json, int index) {
    JsonNode value = json.get("value");
    if (value == null) {
      throw new InvalidPatchException("the operation has no value", "operation", index);
    }
    return value;
  }

  private static JsonPointer pointer(JsonNode json, String member, int index) {
    try {
      return JsonPointer.parse(text(json, member, index));
    } catch (InvalidPointerException e) {
      throw new InvalidPatchException(member + ": " + e.getMessage(), "operation", index);
    }
  }

  private static String text(JsonNode json, String member, int index) {
    if (!json.isObject()) {
      throw new InvalidPatchException("an operation is an object", "operation", index);
    }
    JsonNode text = json.get(member);
    if (text == null || !text.isTextual()) {
      throw new InvalidPatchException(
          "the operation has no " + member + ", a string", "operation", index);
    }
    return text.textValue();
  }

  /**
   * The document as this patch changes it; {@code document} stays as it is.
   *
   * @throws PatchFailedException if an operation does not fit; the message names it
   * @throws InvalidJsonException if what comes of it is nested too deep
   */
  public JsonObject apply(JsonObject document) {
    return patched(document.sharedTree()).toObject();
  }

  PatchedTree patched(JsonNode root) {
    PatchedTree tree = new PatchedTree(root);
    int mayCopy = MAX_COPIED;
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      try {
        mayCopy = apply(operation, tree, mayCopy);
      } catch (PatchFailedException e) {
        throw new PatchFailedException(e, i, json.get(i).get("op").textValue());
      }
    }
    return tree;
  }

  /** Returns how much may be copied after it. */
  private static int apply(Operation operation, PatchedTree tree, int mayCopy) {
    if (operation instanceof Operation.Add add) {
      tree.add(add.path(), add.value());
    } else if (operation instanceof Operation.Remove remove) {
      tree.remove(remove.path());
    } else if (operation instanceof Operation.Replace replace) {
      tree.replace(replace.path(), replace.value());
    } else if (operation instanceof Operation.Move move) {
      move(move, tree);
    } else if (operation instanceof Operation.Copy copy) {
      JsonNode value = tree.get(copy.from());
      int left = mayCopy - size(value, mayCopy, copy.from());
      tree.add(copy.path(), value.deepCopy());
      return left;
    } else if (operation instanceof Operation.Test test) {
      if (JsonOrder.INSTANCE.compare(tree.get(test.path()), test.value()) != 0) {
        throw new PatchFailedException("the value is another one", test.path());
      }
    }
    return mayCopy;
  }

  private static void move(Operation.Move move, PatchedTree tree) {
    JsonNode value = tree.get(move.from());
    if (move.from().isAbove(move.path())) {
      throw new PatchFailedException(
          "a value cannot be moved into itself, from=" + move.from().shown(), move.path());
    }
    if (!move.from().equals(move.path())) {
      tree.remove(move.from());
      tree.add(move.path(), value);
    }
  }

  /** The characters of {@code value}; gone through without recursion, since it may be deep. */
  private static int size(JsonNode value, int limit, JsonPointer from) {
    JsonDepth.check(value);
    long size = 0;
    Deque<JsonNode> left = new ArrayDeque<>();
    left.push(value);
    while (!left.isEmpty()) {
      JsonNode next = left.pop();
      size += 1 + (next.isContainerNode() ? 0 : next.asText().length());
      for (Map.Entry<String, JsonNode> member : next.properties()) {
        size += member.getKey().length();
      }
      if (size > limit) {
        throw new PatchFailedException(
            "the operations of the patch copy more than " + MAX_COPIED + " characters", from);
      }
      next.forEach(left::push);
    }
    return (int) size;
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return json.toString();
  }
}
