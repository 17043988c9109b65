package dev.stave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.SimpleType;
import dev.stave.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * A value of a document or of a schema, as the library that checks sees it. Its own view of a
 * Jackson tree would make, and keep, all of it and each place in it as text; this makes them when
 * they are asked for.
 */
final class TreeNode implements dev.harrel.jsonschema.JsonNode {

  private static final int MAX_TEXT = 80;

  /** For the schemas that come with the library, and to satisfy it otherwise. */
  static final JsonNodeFactory FACTORY =
      new JsonNodeFactory() {
        @Override
        public dev.harrel.jsonschema.JsonNode wrap(Object node) {
          return node instanceof TreeNode known ? known : root((JsonNode) node);
        }

        @Override
        public dev.harrel.jsonschema.JsonNode create(String json) {
          return root(JsonObject.parseValue(json.getBytes(StandardCharsets.UTF_8)));
        }
      };

  private final JsonNode value;
  private final SimpleType type;
  private final @Nullable TreeNode parent;
  private final @Nullable String name; // of the member that it is
  private final int index; // of the element that it is, where there is no name
  private @Nullable String pointer;
  private @Nullable Map<String, dev.harrel.jsonschema.JsonNode> members;

  private TreeNode(JsonNode value, @Nullable TreeNode parent, @Nullable String name, int index) {
    this.value = value;
    this.type = typeOf(value);
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  static TreeNode root(JsonNode value) {
    return new TreeNode(value, null, null, 0);
  }

  JsonNode value() {
    return value;
  }

  private static SimpleType typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> SimpleType.NULL;
      case BOOLEAN -> SimpleType.BOOLEAN;
      case STRING -> SimpleType.STRING;
      case NUMBER -> isInteger(value) ? SimpleType.INTEGER : SimpleType.NUMBER;
      case ARRAY -> SimpleType.ARRAY;
      case OBJECT -> SimpleType.OBJECT;
      default -> throw new IllegalArgumentException("not JSON: " + value.getNodeType());
    };
  }

  /** 1.0 is one. */
  private static boolean isInteger(JsonNode number) {
    return number.isIntegralNumber()
        || number.decimalValue().scale() <= 0
        || number.decimalValue().stripTrailingZeros().scale() <= 0;
  }

  @Override
  public String getJsonPointer() {
    Effort.note();
    String known = pointer;
    if (known == null) {
      known = parent == null ? "" : parent.getJsonPointer() + "/" + step(); // 200 at most
      pointer = known;
    }
    return known;
  }

  private String step() {
    return name == null
        ? Integer.toString(index)
        : dev.harrel.jsonschema.JsonNode.encodeJsonPointer(name);
  }

  @Override
  public SimpleType getNodeType() {
    return type;
  }

  @Override
  public boolean asBoolean() {
    return value.booleanValue();
  }

  @Override
  public String asString() {
    return value.asText();
  }

  @Override
  public BigInteger asInteger() {
    return value.decimalValue().toBigInteger();
  }

  @Override
  public BigDecimal asNumber() {
    return value.decimalValue();
  }

  @Override
  public List<dev.harrel.jsonschema.JsonNode> asArray() {
    return new Elements();
  }

  private final class Elements extends AbstractList<dev.harrel.jsonschema.JsonNode>
      implements RandomAccess {
    @Override
    public dev.harrel.jsonschema.JsonNode get(int i) {
      return new TreeNode(value.get(i), TreeNode.this, null, i);
    }

    @Override
    public int size() {
      return value.size();
    }
  }

  @Override
  public Map<String, dev.harrel.jsonschema.JsonNode> asObject() {
    Map<String, dev.harrel.jsonschema.JsonNode> known = members;
    if (known == null) {
      known = new LinkedHashMap<>();
      for (Iterator<Map.Entry<String, JsonNode>> all = value.fields(); all.hasNext(); ) {
        Map.Entry<String, JsonNode> member = all.next();
        known.put(member.getKey(), new TreeNode(member.getValue(), this, member.getKey(), 0));
      }
      members = known;
    }
    return known;
  }

  /** For messages. */
  @Override
  public String toPrintableString() {
    return value.isContainerNode()
        ? (value.isArray() ? "an array" : "an object")
        : cut(value.toString(), MAX_TEXT);
  }

  static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "…";
  }
}
