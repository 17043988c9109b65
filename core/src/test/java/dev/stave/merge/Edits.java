package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small documents, and edits of them that are close enough together to meet. */
final class Edits {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String[] NAMES = {"a", "b", "c"};

  private final Random random;

  Edits(long seed) {
    random = new Random(seed);
  }

  ObjectNode document() {
    ObjectNode document = NODES.objectNode();
    document.set("list", list(random.nextInt(7)));
    document.set("keyed", keyed(random.nextInt(7)));
    document.set("rows", rows(random.nextInt(5)));
    document.set("object", value(2));
    document.put("text", "one\ntwo\nthree\n").put("number", random.nextInt(3));
    return document;
  }

  private ArrayNode list(int size) {
    ArrayNode list = NODES.arrayNode();
    for (int i = 0; i < size; i++) {
      list.add(random.nextInt(6));
    }
    return list;
  }

  private ArrayNode keyed(int size) {
    ArrayNode list = NODES.arrayNode();
    for (int i = 0; i < size; i++) {
      list.add(element(i));
    }
    return list;
  }

  private ObjectNode element(int id) {
    return NODES.objectNode().put("id", id).put("a", random.nextInt(3)).put("b", 1);
  }

  private ArrayNode rows(int size) {
    ArrayNode list = NODES.arrayNode();
    for (int i = 0; i < size; i++) {
      list.addObject().put("a", random.nextInt(3)).put("b", random.nextInt(3)).put("c", i);
    }
    return list;
  }

  JsonNode value(int depth) {
    switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0:
        return NODES.nullNode();
      case 1:
        return NODES.textNode(NAMES[random.nextInt(3)]);
      case 2:
      case 3:
        return NODES.numberNode(random.nextInt(3));
      case 4:
        return list(random.nextInt(4));
      default:
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set(NAMES[random.nextInt(3)], value(depth - 1));
        }
        return object;
    }
  }

  /** With up to {@code most} edits; the argument stays as it is. */
  JsonNode edited(JsonNode value, int most) {
    JsonNode edited = value.deepCopy();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      edited = edit(edited);
    }
    return edited;
  }

  private JsonNode edit(JsonNode value) {
    if (value instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      int what = random.nextInt(10);
      if (names.isEmpty() || what == 0) {
        object.set(NAMES[random.nextInt(3)], value(1));
      } else {
        String name = names.get(random.nextInt(names.size()));
        if (what == 1) {
          object.remove(name);
        } else if (!name.equals("id")) {
          object.set(name, edit(object.get(name)));
        }
      }
      return object;
    }
    return value instanceof ArrayNode array ? edit(array) : value(1);
  }

  private ArrayNode edit(ArrayNode array) {
    int size = array.size();
    int what = random.nextInt(6);
    boolean isKeyed = size > 0 && array.get(0).has("id");
    if (size == 0 || what <= 1) {
      array.insert(random.nextInt(size + 1), isKeyed ? element(10 + random.nextInt(20)) : value(0));
    } else if (what == 2) {
      array.remove(random.nextInt(size));
    } else if (what == 3) {
      JsonNode moved = array.remove(random.nextInt(size));
      array.insert(random.nextInt(size), moved);
    } else {
      int i = random.nextInt(size);
      array.set(i, edit(array.get(i)));
    }
    return array;
  }
}
