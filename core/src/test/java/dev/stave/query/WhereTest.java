package dev.stave.query;

import static dev.stave.query.Selector.element;
import static dev.stave.query.Selector.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WhereTest {

  private static JsonNode json(String value) {
    return JsonObject.parse("{\"v\": " + value + "}").sharedTree().get("v");
  }

  @Test
  void methods_areTheOperatorsOfMango() {
    BigDecimal exact = new BigDecimal("9007199254740993.25");
    Map<Selector, String> same = new LinkedHashMap<>();
    same.put(where("a").eq("x"), "{'a': 'x'}");
    same.put(where("a.b").eq(5), "{'a': {'b': 5}}");
    same.put(where("a").eq(0.1), "{'a': 0.1}");
    same.put(where("a").eq(exact), "{'a': 9007199254740993.25}");
    same.put(where("a").eq(true), "{'a': true}");
    same.put(where("a").eq(json("[1, {}]")), "{'a': [1, {}]}");
    same.put(where("a").isNull(), "{'a': null}");
    same.put(where("a").ne("x"), "{'a': {'$ne': 'x'}}");
    same.put(where("a").ne(5), "{'a': {'$ne': 5}}");
    same.put(where("a").ne(0.5), "{'a': {'$ne': 0.5}}");
    same.put(where("a").ne(exact), "{'a': {'$ne': 9007199254740993.25}}");
    same.put(where("a").ne(false), "{'a': {'$ne': false}}");
    same.put(where("a").ne(json("{}")), "{'a': {'$ne': {}}}");
    same.put(where("a").gt("x"), "{'a': {'$gt': 'x'}}");
    same.put(where("a").gt(5), "{'a': {'$gt': 5}}");
    same.put(where("a").gt(0.5), "{'a': {'$gt': 0.5}}");
    same.put(where("a").gt(exact), "{'a': {'$gt': 9007199254740993.25}}");
    same.put(where("a").gte("x"), "{'a': {'$gte': 'x'}}");
    same.put(where("a").gte(5), "{'a': {'$gte': 5}}");
    same.put(where("a").gte(0.5), "{'a': {'$gte': 0.5}}");
    same.put(where("a").gte(exact), "{'a': {'$gte': 9007199254740993.25}}");
    same.put(where("a").lt("x"), "{'a': {'$lt': 'x'}}");
    same.put(where("a").lt(5), "{'a': {'$lt': 5}}");
    same.put(where("a").lt(0.5), "{'a': {'$lt': 0.5}}");
    same.put(where("a").lt(exact), "{'a': {'$lt': 9007199254740993.25}}");
    same.put(where("a").lte("x"), "{'a': {'$lte': 'x'}}");
    same.put(where("a").lte(5), "{'a': {'$lte': 5}}");
    same.put(where("a").lte(0.5), "{'a': {'$lte': 0.5}}");
    same.put(where("a").lte(exact), "{'a': {'$lte': 9007199254740993.25}}");
    same.put(where("a").in("x", "y"), "{'a': {'$in': ['x', 'y']}}");
    same.put(where("a").in(1, 2), "{'a': {'$in': [1, 2]}}");
    same.put(where("a").in(json("null")), "{'a': {'$in': [null]}}");
    same.put(where("a").nin("x"), "{'a': {'$nin': ['x']}}");
    same.put(where("a").nin(1), "{'a': {'$nin': [1]}}");
    same.put(where("a").nin(json("[]")), "{'a': {'$nin': [[]]}}");
    same.put(where("a").all("x", "y"), "{'a': {'$all': ['x', 'y']}}");
    same.put(where("a").all(1, 2), "{'a': {'$all': [1, 2]}}");
    same.put(where("a").all(json("true")), "{'a': {'$all': [true]}}");
    same.put(where("a").exists(), "{'a': {'$exists': true}}");
    same.put(where("a").missing(), "{'a': {'$exists': false}}");
    same.put(where("a").type("number"), "{'a': {'$type': 'number'}}");
    same.put(where("a").size(3), "{'a': {'$size': 3}}");
    same.put(where("a").mod(4, 1), "{'a': {'$mod': [4, 1]}}");
    same.put(where("a").beginsWith("x"), "{'a': {'$beginsWith': 'x'}}");
    same.put(
        where("a").elemMatch(element().gt(1).and(element().lt(5))),
        "{'a': {'$elemMatch': {'$and': [{'$gt': 1}, {'$lt': 5}]}}}");
    same.put(where("a").allMatch(where("b").eq(1)), "{'a': {'$allMatch': {'b': 1}}}");
    same.put(
        where("a").eq(1).and(where("b").eq(2)).and(where("c").eq(3)),
        "{'$and': [{'a': 1}, {'b': 2}, {'c': 3}]}");
    same.put(
        where("a").eq(1).or(where("b").eq(2)).or(where("c").eq(3)),
        "{'$or': [{'a': 1}, {'b': 2}, {'c': 3}]}");
    same.put(where("a").gt(1).negate(), "{'$not': {'a': {'$gt': 1}}}");
    same.forEach(
        (selector, text) ->
            assertThat(selector).isEqualTo(Selector.parse(text.replace('\'', '"'))));
    assertThat(where("a").regex("^x").toString()).isEqualTo("a $regex \"^x\"");
  }

  @Test
  void methods_wrongArguments_areRefusedAsInJson() {
    assertThatThrownBy(() -> where("a").eq(Double.NaN))
        .isInstanceOf(InvalidSelectorException.class);
    assertThatThrownBy(() -> where("a").mod(0, 1)).isInstanceOf(InvalidSelectorException.class);
  }

  @Test
  void and_aVeryLongChain_isNoDeeperThanOne() {
    Selector chain = where("n").gte(0);
    for (int i = 0; i < 3_000; i++) {
      chain = chain.and(where("n").ne(-1 - i));
    }
    try (Database database = Database.inMemory()) {
      database.put("d", JsonObject.parse("{\"n\": 1}"));
      assertThat(database.count(chain)).isEqualTo(1);
      assertThat(database.count(chain.negate())).isZero();
    }
  }
}
