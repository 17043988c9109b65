package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonOrder;
import dev.stave.server.graphql.catalogue.Catalogue;
import dev.stave.server.graphql.catalogue.CatalogueTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * What {@code where} finds is what a naive look at each document finds.
 *
 * <p><b>Strategy</b>: some documents with a string, a number, an object, a list of objects and a
 * list of numbers, each of which may be missing, null or of another type; conditions of every kind,
 * nested and negated, against a check that is written here from what the guide says.
 *
 * <p><b>Invariant</b>: the same ids, whichever way.
 */
class WhereLaws {

  /** A condition as GraphQL's arguments have it, and what it means. */
  private record Condition(Map<String, @Nullable Object> where, Meaning meaning) {}

  /** Whether a document matches; and whether it matches what it is negated to. */
  private record Meaning(Predicate<JsonNode> holds, Predicate<JsonNode> not) {
    Meaning negated() {
      return new Meaning(not, holds);
    }
  }

  private static final List<String> DOCUMENTS_OF_ALL_TYPES =
      List.of(
          "{\"s\":\"a\",\"n\":1,\"o\":{\"p\":1},\"l\":[{\"q\":1},{\"q\":2}],\"k\":[1,2]}",
          "{\"s\":\"ab\",\"n\":2.5,\"o\":{},\"l\":[],\"k\":[]}");

  @Property(tries = 150)
  void where_anyCondition_findsWhatALookAtEachDocumentFinds(
      @ForAll("documents") List<String> bodies, @ForAll("conditions") Condition condition) {
    try (Database database = Database.inMemory()) {
      List<String> all = new ArrayList<>(DOCUMENTS_OF_ALL_TYPES); // so that each field is there
      all.addAll(bodies);
      WriteBatch batch = new WriteBatch();
      Map<String, JsonNode> documents = new TreeMap<>();
      database.put("d0", JsonObject.parse(all.get(0)));
      try (GraphQL graphql = GraphQL.of(database)) {
        documents.put("d0", JsonObject.parse(all.get(0)).tree());
        for (int i = 1; i < all.size(); i++) {
          batch.put("d" + i, JsonObject.parse(all.get(i)));
          documents.put("d" + i, JsonObject.parse(all.get(i)).tree());
        }
        database.write(batch);

        GraphQLReply reply =
            graphql.execute(
                GraphQLRequest.of(
                        "query ($w: RecordWhere) { records(where: $w, first: 1000) { nodes { _id }"
                            + " totalCount } }")
                    .variables(Map.of("w", condition.where())));

        assertThat(reply.errors()).isEmpty();
        Map<?, ?> page = (Map<?, ?>) ((Map<?, ?>) reply.data()).get("records");
        TreeSet<Object> found = new TreeSet<>();
        ((List<?>) page.get("nodes")).forEach(node -> found.add(((Map<?, ?>) node).get("_id")));
        TreeSet<Object> expected = new TreeSet<>();
        documents.forEach(
            (id, body) -> {
              if (condition.meaning().holds().test(body)) {
                expected.add(id);
              }
            });
        assertThat(found).isEqualTo(expected);
        assertThat(page.get("totalCount")).isEqualTo(expected.size());
      }
    }
  }

  @Provide
  Arbitrary<List<String>> documents() {
    Arbitrary<String> scalar =
        Arbitraries.of("null", "1", "2.5", "\"a\"", "\"ab\"", "true", "\"\"");
    Arbitrary<String> object =
        Arbitraries.of("{}", "{\"p\":1}", "{\"p\":2.5}", "{\"p\":\"a\"}", "{\"p\":null}");
    Arbitrary<String> objects =
        Arbitraries.of("{\"q\":1}", "{\"q\":2.5}", "{}", "7", "{\"q\":\"a\"}")
            .list()
            .ofMaxSize(3)
            .map(Object::toString);
    Arbitrary<String> numbers =
        Arbitraries.of("1", "2", "2.5", "\"a\"", "null").list().ofMaxSize(3).map(Object::toString);
    Arbitrary<String> any = Arbitraries.oneOf(scalar, object, objects, numbers);
    return Combinators.combine(
            member("s", any),
            member("n", any),
            member("o", any),
            member("l", any),
            member("k", any))
        .as((s, n, o, l, k) -> "{" + String.join(",", present(s, n, o, l, k)) + "}")
        .list()
        .ofMaxSize(12);
  }

  private static List<String> present(String... members) {
    return List.of(members).stream().filter(member -> !member.isEmpty()).toList();
  }

  private static Arbitrary<String> member(String name, Arbitrary<String> value) {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(3, value.map(json -> "\"" + name + "\":" + json)),
        net.jqwik.api.Tuple.of(1, Arbitraries.just("")));
  }

  @Provide
  Arbitrary<Condition> conditions() {
    return conditions(2);
  }

  private static Arbitrary<Condition> conditions(int depth) {
    Arbitrary<Condition> simple =
        Arbitraries.oneOf(
            tests("s", JsonNodeFactory.instance.textNode("a"), "string").map(test -> at("s", test)),
            tests("n", JsonNodeFactory.instance.numberNode(2), "number").map(test -> at("n", test)),
            tests("p", JsonNodeFactory.instance.numberNode(1), "number")
                .map(test -> at("o", at("p", test))),
            tests("q", JsonNodeFactory.instance.numberNode(1), "number")
                .flatMap(test -> lists(at("q", test)))
                .map(test -> at("l", test)),
            tests("", JsonNodeFactory.instance.numberNode(2), "number")
                .flatMap(WhereLaws::lists)
                .map(test -> at("k", test)));
    if (depth == 0) {
      return simple;
    }
    Arbitrary<Condition> deeper = conditions(depth - 1);
    return Arbitraries.oneOf(
        simple,
        deeper.map(one -> new Condition(Map.of("_not", one.where()), one.meaning().negated())),
        deeper.list().ofMaxSize(3).map(parts -> joined("_and", parts)),
        deeper.list().ofMaxSize(3).map(parts -> joined("_or", parts)));
  }

  private static Condition joined(String word, List<Condition> parts) {
    boolean isAll = word.equals("_and");
    Predicate<JsonNode> all = body -> parts.stream().allMatch(p -> p.meaning().holds().test(body));
    Predicate<JsonNode> any = body -> parts.stream().anyMatch(p -> p.meaning().holds().test(body));
    Predicate<JsonNode> notAll = body -> parts.stream().anyMatch(p -> p.meaning().not().test(body));
    Predicate<JsonNode> notAny = body -> parts.stream().allMatch(p -> p.meaning().not().test(body));
    return new Condition(
        Map.of(word, parts.stream().map(Condition::where).toList()),
        isAll ? new Meaning(all, notAll) : new Meaning(any, notAny));
  }

  /**
   * The condition on the member {@code name}; what is not there meets neither it nor its negation.
   */
  private static Condition at(String name, Condition condition) {
    return new Condition(
        Map.of(name, condition.where()),
        new Meaning(
            body -> condition.meaning().holds().test(body.path(name)),
            body -> condition.meaning().not().test(body.path(name))));
  }

  /** Conditions on one value; a missing one is a missing node. */
  private static Arbitrary<Condition> tests(String name, JsonNode value, String type) {
    Object argument = JavaValues.of(value);
    return Arbitraries.of("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "exists", "missing")
        .map(
            operator -> {
              if (operator.equals("exists") || operator.equals("missing")) {
                boolean isWanted = operator.equals("exists");
                Predicate<JsonNode> is = node -> node.isMissingNode() != isWanted;
                return new Condition(Map.of("exists", isWanted), new Meaning(is, is.negate()));
              }
              boolean isList = operator.endsWith("in");
              Predicate<JsonNode> holds = node -> holds(operator, node, value, type);
              return new Condition(
                  Map.of(operator, isList ? List.of(argument) : argument),
                  new Meaning(
                      node -> !node.isMissingNode() && holds.test(node),
                      node -> !node.isMissingNode() && !holds.test(node)));
            });
  }

  private static boolean holds(String operator, JsonNode node, JsonNode value, String type) {
    int order = JsonOrder.INSTANCE.compare(node, value);
    boolean isOfType = JsonOrder.typeName(node).equals(type);
    return switch (operator) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "gt" -> isOfType && order > 0;
      case "gte" -> isOfType && order >= 0;
      case "lt" -> isOfType && order < 0;
      case "lte" -> isOfType && order <= 0;
      case "in" -> isIn(node, value);
      default -> !isIn(node, value);
    };
  }

  /** Of a list, any element. */
  private static boolean isIn(JsonNode node, JsonNode value) {
    if (!node.isArray()) {
      return JsonOrder.INSTANCE.compare(node, value) == 0;
    }
    boolean isIn = false;
    for (JsonNode element : node) {
      isIn |= JsonOrder.INSTANCE.compare(element, value) == 0;
    }
    return isIn;
  }

  private static Arbitrary<Condition> lists(Condition element) {
    Predicate<JsonNode> holds = element.meaning().holds();
    return Arbitraries.of("some", "every", "none", "size", "exists")
        .map(
            word ->
                switch (word) {
                  case "some" -> list(word, element.where(), list -> any(list, holds));
                  case "every" ->
                      list(
                          word,
                          element.where(),
                          list -> !list.isEmpty() && !any(list, holds.negate()));
                  case "none" ->
                      new Condition(
                          Map.of(word, element.where()),
                          new Meaning(
                              node -> node.isArray() && !any(node, holds),
                              node ->
                                  !node.isMissingNode() && (!node.isArray() || any(node, holds))));
                  case "size" -> list(word, 2, list -> list.size() == 2);
                  default ->
                      new Condition(
                          Map.of("exists", true),
                          new Meaning(node -> !node.isMissingNode(), JsonNode::isMissingNode));
                });
  }

  private static Condition list(String word, Object argument, Predicate<JsonNode> holds) {
    return new Condition(
        Map.of(word, argument),
        new Meaning(
            node -> node.isArray() && holds.test(node),
            node -> !node.isMissingNode() && !(node.isArray() && holds.test(node))));
  }

  private static boolean any(JsonNode list, Predicate<JsonNode> test) {
    boolean isAny = false;
    for (JsonNode element : list) {
      isAny |= test.test(element);
    }
    return isAny;
  }

  @Property(tries = 5)
  void where_empty_isEverything(@ForAll("documents") List<String> bodies) {
    CatalogueTerms terms = GraphQLOptions.DEFAULT.terms();
    ObjectNode selector;
    try (Database database = Database.inMemory();
        Catalogue catalogue = Catalogue.of(database, terms, name -> false, name -> false)) {
      Where where = new Where(catalogue.types().get(0).members(), GraphQLOptions.DEFAULT);
      selector = where.selector(Map.of());
    }
    assertThat(bodies)
        .allSatisfy(
            body ->
                assertThat(
                        dev.stave.query.Selector.of(selector)
                            .matches("d", JsonObject.parse(body).tree()))
                    .isTrue());
  }
}
