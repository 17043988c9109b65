package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.StaveException;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import graphql.GraphQLContext;
import graphql.execution.AbortExecutionException;
import graphql.execution.CoercedVariables;
import graphql.language.ArrayValue;
import graphql.language.BooleanValue;
import graphql.language.EnumValue;
import graphql.language.FloatValue;
import graphql.language.IntValue;
import graphql.language.ObjectField;
import graphql.language.ObjectValue;
import graphql.language.StringValue;
import graphql.language.Value;
import graphql.language.VariableReference;
import graphql.schema.Coercing;
import graphql.schema.CoercingParseLiteralException;
import graphql.schema.CoercingParseValueException;
import graphql.schema.CoercingSerializeException;
import graphql.schema.GraphQLScalarType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The scalars that GraphQL lacks: any JSON, and numbers that keep their digits. What comes in is a
 * {@code JsonNode}, checked as a document is; what goes out is JSON's types in Java.
 */
final class JsonScalars {

  /** Any JSON value. */
  static final GraphQLScalarType JSON =
      GraphQLScalarType.newScalar()
          .name("JSON")
          .description(
              "Any JSON value. Numbers keep every digit. A literal is written as GraphQL writes it:"
                  + " names of members without quotes; one that is no name goes in a variable.")
          .coercing(new AnyJson())
          .build();

  /** A JSON number. */
  static final GraphQLScalarType NUMBER =
      GraphQLScalarType.newScalar()
          .name("Number")
          .description(
              "A JSON number, whole or not, as large and as exact as it was written: a client that"
                  + " reads it into 64 bits may lose digits that are here.")
          .coercing(new AnyNumber())
          .build();

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);

  private static final int VALUE_BYTES = 16;

  /** The values in one JSON value of a request: a variable in a literal may be there often. */
  static final int MAX_VALUES = 1_000_000;

  private JsonScalars() {}

  /** Returns how many more there may be. */
  private static int requireSmall(JsonNode value, int most) {
    int left = most - 1;
    for (JsonNode element : value) {
      left = requireSmall(element, left);
    }
    if (left < 0) {
      throw new GraphQLException(
          ErrorCode.BAD_REQUEST, "too many values in one JSON value", "most", MAX_VALUES);
    }
    return left;
  }

  /** A literal as JSON; variables stand for their values. */
  private static JsonNode nodeOf(Value<?> literal, CoercedVariables variables) {
    if (literal instanceof IntValue number) {
      return NODES.numberNode(number.getValue());
    }
    if (literal instanceof FloatValue number) {
      return DecimalNode.valueOf(number.getValue());
    }
    if (literal instanceof StringValue text) {
      return TextNode.valueOf(text.getValue());
    }
    if (literal instanceof BooleanValue bool) {
      return BooleanNode.valueOf(bool.isValue());
    }
    if (literal instanceof ArrayValue array) {
      ArrayNode node = NODES.arrayNode();
      array.getValues().forEach(value -> node.add(nodeOf(value, variables)));
      return node;
    }
    if (literal instanceof ObjectValue object) {
      ObjectNode node = NODES.objectNode();
      for (ObjectField field : object.getObjectFields()) {
        node.set(field.getName(), nodeOf(field.getValue(), variables));
      }
      return node;
    }
    if (literal instanceof VariableReference variable) {
      return JavaValues.toNode(variables.get(variable.getName()));
    }
    if (literal instanceof EnumValue word) {
      throw new CoercingParseLiteralException(
          "no JSON value: " + word.getName() + ". Put a string in quotes");
    }
    return NullNode.getInstance();
  }

  /** About the bytes that a copy takes. */
  private static long sizeOf(JsonNode node) {
    long size = VALUE_BYTES + (node.isTextual() ? node.textValue().length() : 0);
    for (JsonNode element : node) {
      size += sizeOf(element);
    }
    return size;
  }

  /** Holds what came in to the rules of documents. */
  private static JsonNode checked(JsonNode value) {
    requireSmall(value, MAX_VALUES);
    return JsonObject.copyOf(value);
  }

  /** What a client has given, in a variable. */
  private static JsonNode valueOf(Object input) {
    try {
      return checked(JavaValues.toNode(input));
    } catch (StaveException e) {
      throw new CoercingParseValueException(e.getMessage(), e);
    }
  }

  /** What it has written into the request. */
  private static JsonNode literal(Value<?> input, CoercedVariables variables) {
    try {
      return checked(nodeOf(input, variables));
    } catch (StaveException e) {
      throw new CoercingParseLiteralException(e.getMessage(), e);
    }
  }

  private static final class AnyJson implements Coercing<JsonNode, Object> {
    @Override
    public @Nullable Object serialize(Object value, GraphQLContext context, Locale locale) {
      if (!(value instanceof JsonNode node)) {
        return value;
      }
      RequestContext request = context.get(RequestContext.class);
      if (request != null) {
        try {
          request.take(sizeOf(node));
        } catch (GraphQLException e) { // else as many errors as there are such fields
          throw new AbortExecutionException(List.of(RequestErrors.graphQLError(e)));
        }
      }
      return JavaValues.of(node);
    }

    @Override
    public JsonNode parseValue(Object input, GraphQLContext context, Locale locale) {
      return valueOf(input);
    }

    @Override
    public JsonNode parseLiteral(
        Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
      return literal(input, variables);
    }

    @Override
    public Value<?> valueToLiteral(Object input, GraphQLContext context, Locale locale) {
      return literalOf(JavaValues.toNode(input));
    }
  }

  private static final class AnyNumber implements Coercing<JsonNode, Object> {
    @Override
    public Object serialize(Object value, GraphQLContext context, Locale locale) {
      if (value instanceof JsonNode node && node.isNumber()) {
        return node.numberValue();
      }
      if (value instanceof Number) {
        return value;
      }
      throw new CoercingSerializeException("not a number");
    }

    @Override
    public JsonNode parseValue(Object input, GraphQLContext context, Locale locale) {
      JsonNode node = valueOf(input);
      if (node.isNumber()) {
        return node;
      }
      throw new CoercingParseValueException("a number, not " + JsonOrder.typeName(node));
    }

    @Override
    public JsonNode parseLiteral(
        Value<?> input, CoercedVariables variables, GraphQLContext context, Locale locale) {
      if (input instanceof IntValue || input instanceof FloatValue) {
        return literal(input, variables);
      }
      throw new CoercingParseLiteralException("a number, without quotes");
    }

    @Override
    public Value<?> valueToLiteral(Object input, GraphQLContext context, Locale locale) {
      return literalOf(JavaValues.toNode(input));
    }
  }

  private static Value<?> literalOf(JsonNode node) {
    if (node.isIntegralNumber()) {
      return new IntValue(node.bigIntegerValue());
    }
    if (node.isNumber()) {
      return new FloatValue(node.decimalValue());
    }
    if (node.isTextual()) {
      return new StringValue(node.textValue());
    }
    if (node.isBoolean()) {
      return new BooleanValue(node.booleanValue());
    }
    if (node.isArray()) {
      ArrayValue.Builder array = ArrayValue.newArrayValue();
      node.forEach(element -> array.value(literalOf(element)));
      return array.build();
    }
    if (node.isObject()) {
      ObjectValue.Builder object = ObjectValue.newObjectValue();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        object.objectField(new ObjectField(member.getKey(), literalOf(member.getValue())));
      }
      return object.build();
    }
    return graphql.language.NullValue.of();
  }
}
