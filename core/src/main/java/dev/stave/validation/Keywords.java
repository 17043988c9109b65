package dev.stave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.SchemaParsingContext;
import dev.stave.json.JsonOrder;
import dev.stave.query.Regex;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keywords of JSON Schema as the library has them, each within the bounds of {@link Effort},
 * but for those where Stave is more exact, or safer: regular expressions are RE2's, two numbers are
 * equal by their value however they are written, and what only describes is left out.
 */
final class Keywords implements EvaluatorFactory {

  private static final Set<String> DECIDING =
      Set.of(
          "$ref",
          "$dynamicRef",
          "type",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "maxItems",
          "minItems",
          "maxContains",
          "minContains",
          "maxProperties",
          "minProperties",
          "required",
          "dependentRequired",
          "contains",
          "additionalProperties",
          "properties",
          "dependentSchemas",
          "propertyNames",
          "if",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "unevaluatedItems",
          "unevaluatedProperties",
          "items",
          "prefixItems");

  private static final Evaluator NOTHING = (context, node) -> Evaluator.Result.success();

  /** A value of no right type is no keyword: of a schema the meta-schema has seen to that. */
  @Override
  public Optional<Evaluator> create(
      SchemaParsingContext context, String keyword, dev.harrel.jsonschema.JsonNode node) {
    if (DECIDING.contains(keyword)) {
      return context
          .getDialect()
          .getEvaluatorFactory()
          .create(context, keyword, node)
          .map(Bounded::new);
    }
    Evaluator ours = ours(context, keyword, node);
    return Optional.of(ours == NOTHING ? NOTHING : new Bounded(ours));
  }

  private static Evaluator ours(
      SchemaParsingContext context, String keyword, dev.harrel.jsonschema.JsonNode node) {
    switch (keyword) {
      case "const":
        return constant(valueOf(node));
      case "enum":
        return node.isArray() ? choice(valueOf(node)) : NOTHING;
      case "uniqueItems":
        return node.isBoolean() && node.asBoolean() ? unique() : NOTHING;
      case "multipleOf":
        return node.isNumber() ? multiple(node.asNumber()) : NOTHING;
      case "pattern":
        return node.isString() ? pattern(node.asString()) : NOTHING;
      case "patternProperties":
        return node.isObject() ? patterns(context, node) : NOTHING;
      default:
        return NOTHING;
    }
  }

  /** The name of a member is no value of the document, and comes as the library's own node. */
  private static JsonNode valueOf(dev.harrel.jsonschema.JsonNode node) {
    return node instanceof TreeNode known ? known.value() : TextNode.valueOf(node.asString());
  }

  private static Evaluator constant(JsonNode wanted) {
    String message = "not " + TreeNode.root(wanted).toPrintableString();
    return (context, node) ->
        JsonOrder.INSTANCE.compare(wanted, valueOf(node)) == 0
            ? Evaluator.Result.success()
            : Evaluator.Result.failure(message);
  }

  private static Evaluator choice(JsonNode wanted) {
    Set<JsonNode> values = new TreeSet<>(JsonOrder.INSTANCE);
    wanted.forEach(values::add);
    String message = "none of " + TreeNode.cut(wanted.toString(), JsonSchema.MAX_MESSAGE);
    return (context, node) ->
        values.contains(valueOf(node))
            ? Evaluator.Result.success()
            : Evaluator.Result.failure(message);
  }

  private static Evaluator unique() {
    return (context, node) -> {
      Set<JsonNode> seen = new TreeSet<>(JsonOrder.INSTANCE);
      for (JsonNode element : valueOf(node)) {
        if (node.isArray() && !seen.add(element)) {
          return Evaluator.Result.failure(
              "an element is there twice: " + TreeNode.root(element).toPrintableString());
        }
      }
      return Evaluator.Result.success();
    };
  }

  private static Evaluator multiple(BigDecimal factor) {
    return (context, node) ->
        !node.isNumber() || isMultiple(node.asNumber(), factor)
            ? Evaluator.Result.success()
            : Evaluator.Result.failure("no multiple of " + factor);
  }

  /** Without the digits between 1e-9999 and 1e9999. */
  static boolean isMultiple(BigDecimal number, BigDecimal factor) {
    if (number.signum() == 0) {
      return true;
    }
    BigDecimal dividend = number.stripTrailingZeros();
    BigDecimal divisor = factor.stripTrailingZeros();
    int power = divisor.scale() - dividend.scale(); // of ten, that their quotient has beside
    if (power < 0) {
      return false; // a dividend that ends in no zero is no multiple of ten
    }
    BigInteger modulus = divisor.unscaledValue().abs();
    BigInteger rest = dividend.unscaledValue().mod(modulus);
    BigInteger tens = BigInteger.TEN.modPow(BigInteger.valueOf(power), modulus);
    return rest.multiply(tens).mod(modulus).signum() == 0;
  }

  private static Evaluator pattern(String text) {
    Regex regex;
    try {
      regex = Regex.of(text);
    } catch (IllegalArgumentException e) { // in a place where SchemaWalk sees no schema
      return (context, node) -> Evaluator.Result.failure("no regular expression: " + text);
    }
    return (context, node) ->
        !node.isString() || regex.isIn(node.asString())
            ? Evaluator.Result.success()
            : Evaluator.Result.failure("does not match " + text);
  }

  private static Evaluator patterns(
      SchemaParsingContext context, dev.harrel.jsonschema.JsonNode node) {
    Map<Regex, String> schemas = new LinkedHashMap<>();
    try {
      node.asObject()
          .forEach((text, schema) -> schemas.put(Regex.of(text), context.getAbsoluteUri(schema)));
    } catch (IllegalArgumentException e) { // in a place where SchemaWalk sees no schema
      return (at, value) -> Evaluator.Result.failure("no regular expressions: patternProperties");
    }
    return (at, value) -> value.isObject() ? check(schemas, at, value) : Evaluator.Result.success();
  }

  private static Evaluator.Result check(
      Map<Regex, String> schemas,
      EvaluationContext context,
      dev.harrel.jsonschema.JsonNode object) {
    Set<String> matched = new HashSet<>();
    boolean isValid = true;
    for (Map.Entry<String, dev.harrel.jsonschema.JsonNode> member : object.asObject().entrySet()) {
      for (Map.Entry<Regex, String> schema : schemas.entrySet()) {
        if (schema.getKey().isIn(member.getKey())) {
          matched.add(member.getKey());
          isValid &= context.resolveInternalRefAndValidate(schema.getValue(), member.getValue());
        }
      }
    }
    return isValid ? Evaluator.Result.success(matched) : Evaluator.Result.failure();
  }

  /** A keyword that counts. */
  private static final class Bounded implements Evaluator {
    private final Evaluator keyword;

    Bounded(Evaluator keyword) {
      this.keyword = keyword;
    }

    @Override
    public Result evaluate(EvaluationContext context, dev.harrel.jsonschema.JsonNode node) {
      Effort effort = Effort.current();
      if (!effort.enter()) {
        return Result.success();
      }
      try {
        return keyword.evaluate(context, node);
      } finally {
        effort.leave();
      }
    }

    @Override
    public int getOrder() {
      return keyword.getOrder();
    }
  }
}
