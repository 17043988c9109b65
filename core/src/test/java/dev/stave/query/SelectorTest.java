package dev.stave.query;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Mango's operators mean, as CouchDB 3.4 answers them, and what Stave adds. */
class SelectorTest {

  private static boolean matches(String selector, String document) {
    return Selector.parse(quoted(selector))
        .matches("id-1", JsonObject.parse(quoted(document)).sharedTree());
  }

  private static String quoted(String json) {
    return json.replace('`', '"');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // implicit equality, nested paths, dotted paths
        "{`a`: 1}                          | {`a`: 1.0}                  | true",
        "{`a`: {`b`: 1}}                   | {`a`: {`b`: 1, `c`: 2}}     | true",
        "{`a.b`: 1}                        | {`a`: {`b`: 1}}             | true",
        "{`a\\\\.b`: 1}                    | {`a.b`: 1}                  | true",
        "{`a.1`: `y`}                      | {`a`: [`x`, `y`]}           | true",
        "{`a`: {}}                         | {`a`: {}}                   | true",
        "{`a`: {}}                         | {`a`: {`b`: 1}}             | false",
        "{`a`: [1, 2]}                     | {`a`: [1, 2]}               | true",
        "{`a`: [1, 2]}                     | {`a`: [2, 1]}               | false",
        "{}                                | {}                          | true",
        "{`_id`: `id-1`}                   | {}                          | true",
        // a condition on what is missing is false
        "{`a`: {`$ne`: 1}}                 | {}                          | false",
        "{`a`: {`$nin`: [1]}}              | {}                          | false",
        "{`a`: {`$exists`: false}}         | {}                          | true",
        "{`a`: {`$exists`: true}}          | {`a`: null}                 | true",
        // one order of all values
        "{`a`: {`$gt`: 5}}                 | {`a`: `text`}               | true",
        "{`a`: {`$gt`: null}}              | {`a`: {}}                   | true",
        "{`a`: {`$lt`: 10}}                | {`a`: 9.5}                  | true",
        "{`a`: {`$gt`: 9007199254740992}}  | {`a`: 9007199254740993}     | true",
        "{`a`: 9007199254740992}           | {`a`: 9007199254740993}     | false",
        "{`a`: {`$lt`: 0}}                 | {`a`: false}                | true",
        // negation goes down to the conditions
        "{`$not`: {`a`: {`$gt`: 1}}}       | {`a`: 1}                    | true",
        "{`$not`: {`a`: {`$gt`: 1}}}       | {}                          | false",
        "{`a`: {`$not`: {`$gt`: 1}}}       | {`a`: 2}                    | false",
        "{`$nor`: [{`a`: 1}, {`b`: 1}]}    | {`a`: 2, `b`: 2}            | true",
        "{`$nor`: [{`a`: 1}, {`b`: 1}]}    | {`a`: 2}                    | false",
        "{`$not`: {`a`: {`$exists`: true}}} | {}                         | true",
        "{`$not`: {`$not`: {`a`: 1}}}      | {`a`: 1}                    | true",
        // arrays
        "{`a`: {`$in`: [1, 2]}}            | {`a`: [3, 2]}               | true",
        "{`a`: {`$in`: [[3, 2]]}}          | {`a`: [3, 2]}               | false",
        "{`a`: {`$in`: []}}                | {`a`: []}                   | false",
        "{`a`: {`$nin`: [1, 2]}}           | {`a`: [3, 2]}               | false",
        "{`a`: {`$all`: [1, 2]}}           | {`a`: [2, 1, 0]}            | true",
        "{`a`: {`$all`: []}}               | {`a`: []}                   | false",
        "{`a`: {`$all`: [[1, 2]]}}         | {`a`: [1, 2]}               | true",
        "{`a`: {`$elemMatch`: {`$eq`: 2}}} | {`a`: [1, 2]}               | true",
        "{`a`: {`$elemMatch`: {`$eq`: 2}}} | {`a`: 2}                    | false",
        "{`a`: {`$elemMatch`: {`b`: 1, `c`: 2}}} | {`a`: [{`b`: 1}, {`c`: 2}]}   | false",
        "{`a`: {`$elemMatch`: {`b`: 1, `c`: 2}}} | {`a`: [{`b`: 1, `c`: 2}]}     | true",
        "{`a`: {`$elemMatch`: {`_id`: 1}}} | {`a`: [{`_id`: 1}]}         | true",
        // logic
        "{`$or`: [{`a`: 1}, {`b`: 1}]}     | {`b`: 1}                    | true",
        "{`$or`: []}                       | {}                          | false",
        "{`$and`: []}                      | {}                          | true",
        "{`a`: {`$or`: [{`$lt`: 1}, {`$gt`: 5}]}} | {`a`: 6}             | true",
        "{`a`: {`$gt`: 1, `$lt`: 3}}       | {`a`: 2}                    | true",
        // wildcards: any value at the path; conditions in one object are met by one value
        "{`**.c`: 1}                       | {`a`: [{`b`: {`c`: 1}}]}    | true",
        "{`*.b`: 1}                        | {`a`: {`b`: 1}}             | true",
        "{`a[].b`: 1}                      | {`a`: [{`b`: 0}, {`b`: 1}]} | true",
        "{`a.[]`: {`$gt`: 1, `$lt`: 5}}    | {`a`: [1, 9]}               | false",
        "{`**`: {`$exists`: true}}         | {}                          | true",
        "{`*`: {`$exists`: true}}          | {}                          | false",
        "{`\\\\*`: 1}                      | {`*`: 1}                    | true",
        "{`\\\\*`: 1}                      | {`a`: 1}                    | false",
        // versions
        "{`a`: {`$version`: {`$gte`: 100}}}             | {`a`: `105`}     | true",
        "{`a`: {`$version`: {`$gte`: 100}}}             | {`a`: `32`}      | false",
        "{`a`: {`$version`: {`$gte`: `15.4`}}}          | {`a`: `15.10`}   | true",
        "{`a`: {`$version`: {`$eq`: `15`}}}             | {`a`: `15.0`}    | true",
        "{`a`: {`$version`: {`$gte`: 1}}}               | {`a`: `preview`} | false",
        "{`a`: {`$version`: {`$gte`: 1, `$lt`: 2}}}     | {`a`: `1.9.9`}   | true"
      })
  void matches_mangoSelector_asCouchDbDoes(String selector, String document, boolean expected) {
    assertThat(matches(selector, document)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`a`: {`$foo`: 1}}                | invalid_operator | Invalid operator: $foo",
        "{`$foo`: 1}                       | invalid_operator | Invalid operator: $foo",
        "{`$and`: {}}                      | bad_arg | $and: {}, not an array",
        "{`$or`: [1]}                      | bad_arg | $or: 1, not objects",
        "{`$not`: 1}                       | bad_arg | $not: 1, not an object",
        "{`a`: {`$in`: 1}}                 | bad_arg | $in: 1, not an array",
        "{`a`: {`$nin`: `x`}}              | bad_arg | $nin: \"x\", not an array",
        "{`a`: {`$exists`: `yes`}}         | bad_arg | $exists: \"yes\", not true or false",
        "{`a`: {`$elemMatch`: 1}}          | bad_arg | $elemMatch: 1, not an object",
        "{`a`: {`$version`: {`$gte`: `x`}}} | bad_arg | not comparisons with numbers and dots",
        "{`a`: {`$version`: {}}}           | bad_arg | $version: {}, not comparisons",
        "{`$eq`: 1}                        | invalid_selector | One or more conditions is missing a field name",
        "{`a`: {`$text`: `x`}}             | not_supported | Unsupported operator: $text",
        "{`a`: {`$regex`: `(?=x)`}}        | bad_arg | no look-around"
      })
  void parse_wrongSelector_saysWhat(String selector, String code, String message) {
    assertThatThrownBy(() -> Selector.parse(quoted(selector)))
        .isInstanceOfSatisfying(
            InvalidSelectorException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  @Test
  void parse_pathOfMoreStepsThanADocumentHas_isRefused() {
    String longest = "**." + "a.".repeat(SelectorParser.MAX_STEPS - 2) + "a";

    assertThat(matches("{`" + longest + "`: 1}", "{}")).isFalse();
    assertThatThrownBy(() -> Selector.parse(quoted("{`" + longest + ".a`: 1}")))
        .hasMessage("a path has at most 200 steps, not 201");
  }

  @Test
  void parse_moreConditionsThanMay_isRefused() {
    String most = "{`x`: {`$exists`: false}},".repeat(SelectorParser.MAX_CONDITIONS - 2);

    assertThat(matches("{`$nor`: [" + most + "{`x`: 1}]}", "{`x`: 2}")).isTrue();
    assertThatThrownBy(() -> Selector.parse(quoted("{`$or`: [" + most + "{}, {}]}")))
        .hasMessage("a selector has at most 10000 conditions");
    assertThatThrownBy(
            () ->
                Selector.parse(quoted("{`a`: {`$elemMatch`: {`$or`: [" + most + "{}, {}, {}]}}}")))
        .hasMessage("a selector has at most 10000 conditions");
  }

  /** Once each element was compared with each value: some 2,500 million comparisons here. */
  @Test
  void matches_longList_looksValuesUp() {
    String values = IntStream.range(0, 50_000).mapToObj(String::valueOf).collect(joining(","));
    String document = "{`a`: [" + values.replace(",", ".5,") + ".5]}";

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertThat(matches("{`a`: {`$in`: [" + values + "]}}", document)).isFalse();
          assertThat(matches("{`a`: {`$all`: [" + values + "]}}", document)).isFalse();
          assertThat(matches("{`a`: {`$in`: [" + values + ", 7.5]}}", document)).isTrue();
        });
  }

  /** Once the exponent of 1E+40000 went round in the index, which then lacked what matched. */
  @ParameterizedTest
  @ValueSource(strings = {"1E+40000", "-1E+40000", "1E-40000", "1E+2000000000"})
  void of_numberThatNoDocumentHolds_isRefused(String number) {
    ObjectNode selector = JsonNodeFactory.instance.objectNode();
    selector.putObject("a").putArray("$in").add(new BigDecimal(number));

    assertBadArgument(selector, "number with an exponent beyond 9999");
  }

  @Test
  void of_whatIsNotJson_isRefused() {
    ObjectNode selector = JsonNodeFactory.instance.objectNode();

    assertBadArgument(selector.put("a", Double.NaN), "malformed JSON");
    assertBadArgument(selector.putPOJO("a", new Object()), "");
    assertBadArgument(selector.put("a", "\ud800"), "");
  }

  private static void assertBadArgument(ObjectNode selector, String message) {
    assertThatThrownBy(() -> Selector.of(selector))
        .isInstanceOfSatisfying(
            InvalidSelectorException.class, e -> assertThat(e.code()).isEqualTo("bad_arg"))
        .hasMessageContaining(message);
  }

  @Test
  void of_treeThatIsChangedLater_staysTheSame() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.putArray("a").add(1);
    Selector selector = Selector.of(tree);

    tree.withArray("a").add(2);

    assertThat(selector.matches("id-1", JsonObject.parse("{\"a\": [1]}").sharedTree())).isTrue();
  }

  @Test
  void of_notAnObject_isRefused() {
    assertThatThrownBy(() -> Selector.of(JsonNodeFactory.instance.arrayNode().add(1)))
        .hasMessage("Selector must be a JSON object, not: [1]");
  }
}
