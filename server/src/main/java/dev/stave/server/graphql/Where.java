package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import dev.stave.query.Selector;
import dev.stave.server.graphql.catalogue.Members;
import dev.stave.server.graphql.catalogue.Place;
import dev.stave.server.graphql.catalogue.Place.Kind;
import graphql.schema.DataFetchingEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes selectors of {@code where} arguments, so that the index answers them.
 *
 * <p>They mean what Mango's mean: a condition on what a document does not have is false, but for
 * {@code exists: false}, and {@code _not} is moved down to the conditions by De Morgan's laws, so
 * {@code _not: {a: {gt: 1}}} asks for an {@code a} that is there. Beyond Mango {@code gt}, {@code
 * gte}, {@code lt} and {@code lte} on a string or a number are about values of that type only.
 */
final class Where {

  private static final JsonNodeFactory NODES = JsonNodeFactory.withExactBigDecimals(true);
  private static final JsonPath HERE = new JsonPath(List.of());

  private final Members members;
  private final GraphQLOptions options;

  /** Of conditions on documents that have {@code members}. */
  Where(Members members, GraphQLOptions options) {
    this.members = members;
    this.options = options;
  }

  /** {@code collection} and the field's argument {@code where}. */
  Selector in(DataFetchingEnvironment environment, Selector collection) {
    Map<String, @Nullable Object> where = environment.getArgument("where");
    return where == null ? collection : collection.and(Selector.of(selector(where)));
  }

  /** The selector of a {@code where}. */
  ObjectNode selector(Map<String, @Nullable Object> where) {
    return joined(conditions(members, HERE, where));
  }

  /** One object of all conditions; of none, what everything meets. */
  private static ObjectNode joined(List<ObjectNode> conditions) {
    if (conditions.size() == 1) {
      return conditions.get(0);
    }
    ObjectNode all = NODES.objectNode();
    ArrayNode parts = all.putArray("$and");
    conditions.forEach(parts::add);
    return all;
  }

  private List<ObjectNode> conditions(
      Members of, JsonPath path, Map<String, @Nullable Object> where) {
    List<ObjectNode> all = new ArrayList<>();
    where.forEach(
        (name, argument) -> {
          if (argument == null) {
            return;
          }
          switch (name) {
            case "_and" -> all.addAll(each(of, path, argument));
            case "_or" -> {
              ObjectNode any = NODES.objectNode();
              ArrayNode parts = any.putArray("$or");
              each(of, path, argument).forEach(parts::add);
              all.add(any);
            }
            case "_not" ->
                all.add(
                    NODES.objectNode().set("$not", joined(conditions(of, path, map(argument)))));
            case "_id" ->
                all.addAll(tests(JsonPath.parse(JsonPath.ID), Kind.STRING, map(argument)));
            case "_exists" -> all.add(at(path, "$exists", JavaValues.toNode(argument)));
            case "_entries" -> all.add(entries(of, path, map(argument)));
            default -> all.addAll(field(of, path, name, map(argument)));
          }
        });
    return all;
  }

  private List<ObjectNode> each(Members of, JsonPath path, Object list) {
    List<ObjectNode> parts = new ArrayList<>();
    for (Object part : bounded((List<?>) list)) {
      parts.add(joined(conditions(of, path, map(part))));
    }
    return parts;
  }

  private List<?> bounded(List<?> list) {
    if (list.size() > options.maxListValues()) {
      throw new GraphQLException(
          ErrorCode.LIMIT_LIST,
          "a list has fewer values: ask in several steps",
          "values",
          list.size(),
          "most",
          options.maxListValues());
    }
    return list;
  }

  @SuppressWarnings("unchecked") // the engine has held it to the type
  private static Map<String, @Nullable Object> map(@Nullable Object argument) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(argument);
  }

  /** The conditions on the field {@code alias}, or on one beside it. */
  private List<ObjectNode> field(
      Members of, JsonPath path, String alias, Map<String, @Nullable Object> argument) {
    Place place = of.placeOf(alias);
    if (place != null) {
      JsonPath below = path.plus(new Step.Member(of.memberOf(alias)));
      List<ObjectNode> found = place(place, below, alias, argument);
      if (found != null) {
        return found;
      }
    }
    throw new IllegalStateException("no field " + alias + " of " + of.typeName());
  }

  /** The conditions on the value at a place, if {@code alias} is one of its fields; else null. */
  private @Nullable List<ObjectNode> place(
      Place place, JsonPath path, String alias, Map<String, @Nullable Object> argument) {
    if (alias.equals(place.alias())) {
      return value(place.kind(), place, path, argument);
    }
    if (alias.equals(place.objectAlias())) {
      return value(Kind.OBJECT, place, path, argument);
    }
    if (alias.equals(place.listAlias())) {
      return value(Kind.LIST, place, path, argument);
    }
    return alias.equals(place.valueAlias()) ? value(Kind.JSON, place, path, argument) : null;
  }

  private List<ObjectNode> value(
      Kind kind, Place place, JsonPath path, Map<String, @Nullable Object> argument) {
    Members below = place.members();
    Place elements = place.elements();
    if (kind == Kind.OBJECT && below != null) {
      return conditions(below, path, argument);
    }
    return kind == Kind.LIST && elements != null
        ? list(elements, path, argument)
        : tests(path, kind, argument);
  }

  /** The conditions on a list. */
  private List<ObjectNode> list(
      Place elements, JsonPath path, Map<String, @Nullable Object> argument) {
    List<ObjectNode> all = new ArrayList<>();
    argument.forEach(
        (operator, value) -> {
          if (value == null) {
            return;
          }
          switch (operator) {
            case "some" -> all.add(at(path, "$elemMatch", element(elements, map(value))));
            case "every" -> all.add(at(path, "$allMatch", element(elements, map(value))));
            case "none" -> {
              all.add(at(path, "$type", NODES.textNode("array")));
              ObjectNode match = NODES.objectNode();
              match.set("$elemMatch", element(elements, map(value)));
              all.add(at(path, "$not", match));
            }
            case "size" -> all.add(at(path, "$size", JavaValues.toNode(value)));
            default -> all.add(at(path, "$exists", JavaValues.toNode(value)));
          }
        });
    return all;
  }

  private ObjectNode element(Place elements, Map<String, @Nullable Object> argument) {
    return joined(value(elements.kind(), elements, HERE, argument));
  }

  /** The conditions on members without a field of their own. */
  private ObjectNode entries(Members of, JsonPath path, Map<String, @Nullable Object> argument) {
    Place place = of.entries();
    if (place == null) {
      throw new IllegalStateException("no entries in " + of.typeName());
    }
    List<ObjectNode> all = new ArrayList<>();
    Object names = argument.get("key");
    if (names != null) {
      ObjectNode name = joined(tests(HERE, Kind.STRING, map(names)));
      all.add(at(path, "$keyMapMatch", name));
    }
    Object keys = argument.get("keys");
    if (keys == null) {
      all.addAll(entry(place, path.plus(new Step.Any()), argument));
    } else {
      ObjectNode any = NODES.objectNode();
      ArrayNode parts = any.putArray("$or");
      for (Object key : bounded((List<?>) keys)) {
        JsonPath below = path.plus(new Step.Member(String.valueOf(key)));
        List<ObjectNode> conditions = entry(place, below, argument);
        conditions.add(at(below, "$exists", NODES.booleanNode(true)));
        parts.add(joined(conditions));
      }
      all.add(any);
    }
    return joined(all);
  }

  private List<ObjectNode> entry(
      Place place, JsonPath path, Map<String, @Nullable Object> argument) {
    List<ObjectNode> all = new ArrayList<>();
    argument.forEach(
        (name, value) -> {
          List<ObjectNode> found =
              value == null || name.equals("key") || name.equals("keys")
                  ? null
                  : place(place, path, name, map(value));
          all.addAll(found == null ? List.of() : found);
        });
    return all;
  }

  /** The conditions on one value, which all hold for it. */
  private List<ObjectNode> tests(JsonPath path, Kind kind, Map<String, @Nullable Object> argument) {
    ObjectNode tests = NODES.objectNode();
    argument.forEach(
        (operator, value) -> {
          JsonNode node = JavaValues.toNode(value);
          switch (operator) {
            case "in", "nin" -> {
              if (node.isArray()) {
                bounded((List<?>) value);
                tests.set("$" + operator, node);
              }
            }
            case "gt", "gte", "lt", "lte" -> {
              if (node.isNull()) {
                return; // as if nothing were said
              }
              tests.set("$" + operator, node);
              if (kind == Kind.STRING || kind == Kind.NUMBER) {
                tests.put("$type", kind == Kind.STRING ? "string" : "number");
              }
            }
            case "eq", "ne" -> tests.set("$" + operator, node);
            default -> {
              if (!node.isNull()) {
                tests.set("$" + operator, node); // exists, type, beginsWith, regex
              }
            }
          }
        });
    if (tests.isEmpty()) {
      return new ArrayList<>();
    }
    List<ObjectNode> all = new ArrayList<>();
    all.add(path.steps().isEmpty() ? tests : at(path, tests));
    return all;
  }

  private static ObjectNode at(JsonPath path, String operator, JsonNode argument) {
    ObjectNode test = NODES.objectNode();
    test.set(operator, argument);
    return path.steps().isEmpty() ? test : at(path, test);
  }

  private static ObjectNode at(JsonPath path, ObjectNode test) {
    ObjectNode condition = NODES.objectNode();
    condition.set(written(path), test);
    return condition;
  }

  /** Documents with {@code value} at {@code path}. */
  static Selector equal(JsonPath path, String value) {
    ObjectNode test = NODES.objectNode();
    test.set("$eq", NODES.textNode(value));
    return Selector.of(at(path, test));
  }

  /** A name that begins with a dollar is no operator. */
  static String written(JsonPath path) {
    String text = path.toString();
    return text.startsWith("$") ? "\\" + text : text;
  }
}
