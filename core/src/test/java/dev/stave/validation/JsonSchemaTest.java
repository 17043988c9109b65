package dev.stave.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {

  private static JsonNode json(String text) {
    return JsonObject.parseValue(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> check(String schema, String body) {
    JsonSchema.Compiled compiled = JsonSchema.compile("s", json(schema));
    assertThat(compiled.problems()).isEmpty();
    return compiled.schema().check(json(body)).stream()
        .map(Problem::toString)
        .collect(Collectors.toList());
  }

  private static List<String> refusals(String schema) {
    return JsonSchema.compile("s", json(schema)).problems().stream()
        .map(Problem::toString)
        .collect(Collectors.toList());
  }

  @Test
  void check_everyProblem_namesPlaceAndRule() {
    String schema =
        "{'required': ['name'], 'properties': {'age': {'minimum': 0},"
            + " 'a/b': {'items': {'type': 'string'}}}}";

    assertThat(check(schema, "{'name': 1, 'age': 5, 'a/b': ['x']}")).isEmpty();
    assertThat(check(schema, "{'age': -1, 'a/b': ['x', 2]}"))
        .containsExactlyInAnyOrder(
            "/age: -1 is less than 0 [s#/properties/age/minimum]",
            "/a~1b/1: Value is [integer] but should be [string] [s#/properties/a~1b/items/type]",
            "(root): Object does not have some of the required properties [[name]] [s#/required]");
  }

  @Test
  void check_forbiddenMember_namesIt() {
    assertThat(check("{'properties': {'a': {}}, 'additionalProperties': false}", "{'b': 1}"))
        .containsExactly("/b: not allowed here [s#/additionalProperties]");
  }

  @Test
  void check_memberWrongByItsPattern_isToldOfOnce() {
    String schema =
        "{'patternProperties': {'^a': {'type': 'string'}}, 'additionalProperties': false}";

    assertThat(check(schema, "{'ab': 1}")).singleElement().asString().contains("/ab: Value is");
  }

  @Test
  void check_references_areFollowedInTheSchema() {
    String tree =
        "{'$ref': '#/$defs/node', '$defs': {'node': {'type': 'object',"
            + " 'properties': {'left': {'$ref': '#/$defs/node'}, 'n': {'$ref': '#count'}}},"
            + " 'count': {'$anchor': 'count', 'type': 'integer'}}}";

    assertThat(check(tree, "{'left': {'left': {'n': 1}}}")).isEmpty();
    assertThat(check(tree, "{'left': {'left': {'n': 'x'}}}")).hasSize(1);
    assertThat(check("{'$id': 'urn:x', '$ref': 'urn:x#/$defs/a', '$defs': {'a': {}}}", "{}"))
        .isEmpty();
    assertThat(
            check(
                "{'$id': 'https://a.example/r/s', '$ref': 'other', '$defs': {'o':"
                    + " {'$id': '/r/other', 'required': ['a']}}}",
                "{}"))
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'multipleOf': 0.1} | 0.3 | true",
        "{'multipleOf': 0.01} | 0.305 | false",
        "{'multipleOf': 3} | 1e9999 | false",
        "{'multipleOf': 5} | 1e9999 | true",
        "{'multipleOf': 1e-9999} | 1e9999 | true",
        "{'multipleOf': 1e9999} | 1e-9999 | false",
        "{'maximum': 9007199254740992} | 9007199254740993 | false",
        "{'exclusiveMinimum': 0.1} | 0.1000000000000000000000001 | true",
        "{'const': 1.5} | 1.50 | true",
        "{'const': {'a': [1]}} | {'a': [1.0]} | true",
        "{'enum': [9007199254740993]} | 9007199254740992 | false",
        "{'enum': [15e-1, 'x']} | 1.500 | true",
        "{'uniqueItems': true} | [1, 1.0] | false",
        "{'uniqueItems': true} | [1, '1', true, [1]] | true",
        "{'type': 'integer'} | 1.0 | true",
        "{'type': 'integer'} | 1e400 | true",
        "{'type': 'integer'} | 1.5 | false",
        "{'pattern': '^a+$'} | 'aaa' | true",
        "{'pattern': 'b'} | 'aaa' | false",
        "{'minLength': 2} | '\uD83C\uDF32' | false",
        "{'format': 'email'} | 'no email' | true",
        "{'patternProperties': {'^a': {'type': 'string'}}, 'additionalProperties': false}"
            + " | {'ab': 'x'} | true",
        "{'patternProperties': {'^a': {'type': 'string'}}} | {'ab': 1, 'b': 1} | false",
        "{'propertyNames': {'maxLength': 2}} | {'abc': 1} | false",
        "{'propertyNames': {'enum': ['ab', 'b']}} | {'ab': 1} | true",
        "{'unevaluatedProperties': false, 'patternProperties': {'a': {}}} | {'a': 1} | true",
        "{'unevaluatedProperties': false, 'allOf': [{'properties': {'a': {}}}]} | {'b': 1} | false",
        "{'prefixItems': [{'type': 'string'}], 'items': false} | ['a'] | true",
        "{'prefixItems': [{'type': 'string'}], 'items': false} | ['a', 1] | false",
        "{'contains': {'const': 1}, 'maxContains': 1} | [1, 1] | false",
        "{'if': {'type': 'string'}, 'then': {'minLength': 1}, 'else': {'minimum': 0}} | -1 | false",
        "{'not': {'type': 'string'}} | 'x' | false",
        "{'oneOf': [{'minimum': 1}, {'maximum': 1}]} | 1 | false",
        "{'dependentRequired': {'a': ['b']}} | {'a': 1} | false",
        "{'dependentSchemas': {'a': {'required': ['b']}}} | {'a': 1, 'b': 1} | true",
        "true | 1 | true",
        "false | 1 | false",
      })
  void check_keyword_holdsOrNot(String schema, String value, boolean holds) {
    assertThat(check(schema, value).isEmpty()).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1 | /schema",
        "{'type': 'number', 'properties': {'a': {'type': 'nubmer'}}} | /schema/properties/a/type",
        "{'minLength': -1} | /schema/minLength",
        "{'minLength': 3000000000} | /schema/minLength",
        "{'items': {'pattern': '(?=a)'}} | /schema/items/pattern",
        "{'pattern': '('} | /schema/pattern",
        "{'patternProperties': {'(': {}}} | /schema/patternProperties/(",
        "{'patternProperties': {'#': {}}} | /schema/patternProperties/#",
        "{'allOf': [{}, {'$ref': '#/$defs/b'}], '$defs': {'a': {}}} | /schema/allOf/1/$ref",
        "{'$ref': 'https://example.com/schema'} | /schema/$ref",
        "{'$ref': 'file:///etc/passwd'} | /schema/$ref",
        "{'$ref': '::'} | /schema/$ref",
        "{'$dynamicRef': '#x'} | /schema/$dynamicRef",
        "{'$schema': 'http://json-schema.org/draft-07/schema#'} | /schema/$schema",
        "{'not': {'$schema': 'https://example.com/s'}} | /schema/not/$schema",
        "{'$id': 'x#y'} | /schema/$id",
      })
  void compile_noSchema_isRefusedAtItsPlace(String schema, String place) {
    assertThat(refusals(schema)).anyMatch(problem -> problem.startsWith(place + ": "));
  }

  @Test
  void compile_dataThatLooksLikeASchema_isData() {
    assertThat(refusals("{'enum': [{'pattern': '('}], 'const': {'$ref': '#/no'}}")).isEmpty();
    assertThat(refusals("{'properties': {'pattern': {'type': 'string'}, 'type': {}}}")).isEmpty();
    assertThat(check("{'properties': {'pattern': {}, '$ref': {}}}", "{'pattern': 1}")).isEmpty();
  }

  @Test
  void compile_theDraftItself_isOne() {
    assertThat(check("{'$ref': '" + SchemaWalk.DRAFT + "'}", "{'type': 'nubmer'}")).isNotEmpty();
    assertThat(check("{'$ref': '" + SchemaWalk.DRAFT + "'}", "{'type': 'number'}")).isEmpty();
  }

  @Test
  void check_endlessReference_isGivenUp() throws InterruptedException {
    List<String> schemas =
        List.of(
            "{'$ref': '#'}",
            "{'properties': {'a': {'$ref': '#/properties/a'}}}",
            "{'propertyNames': {'$ref': '#/propertyNames'}}",
            "{'allOf': [{'not': {'$ref': '#'}}]}");
    List<String> said = new CopyOnWriteArrayList<>();
    Runnable work = () -> schemas.forEach(s -> said.addAll(check(s, "{'a': 1}")));

    Thread small = new Thread(null, work, "small stack", 256 << 10);
    small.start();
    small.join();
    work.run();

    assertThat(said).hasSize(8).allMatch(s -> s.startsWith("(root): the check was given up: "));
  }

  @Test
  void check_workThatDoubles_isGivenUp() {
    StringBuilder schema = new StringBuilder("{'$ref': '#/$defs/a0', '$defs': {");
    for (int i = 0; i < 40; i++) {
      String next = "{'$ref': '#/$defs/a" + (i + 1) + "'}";
      schema.append("'a" + i + "': {'allOf': [" + next + "," + next + "]},");
    }
    schema.append("'a40': {'type': 'object'}}}");

    assertThat(check(schema.toString(), "{}")).singleElement().asString().contains("given up");
  }

  @Test
  void check_aMillionProblems_areNotAllHeld() {
    String body = "{'a': [" + "1,".repeat(1_000_000) + "1]}";

    assertThat(check("{'properties': {'a': {'items': {'type': 'integer'}}}}", body)).isEmpty();
    assertThat(check("{'properties': {'a': {'items': {'type': 'string'}}}}", body)).hasSize(1);
  }

  @Test
  void check_deepDocument_isChecked() {
    String deep = "{'a':".repeat(199) + "1" + "}".repeat(199);
    String tree =
        "{'allOf': [{'properties': {'a': {'$ref': '#'}}}], 'type': ['object', 'integer']}";

    assertThat(check(tree, deep)).isEmpty();
    assertThat(check(tree, deep.replace("1", "null"))).isNotEmpty();
  }

  @Test
  void check_patternThatWouldBacktrack_takesNoTime() {
    assertThat(check("{'pattern': '^(a+)+$'}", "'" + "a".repeat(100_000) + "b'")).hasSize(1);
  }

  @Test
  void check_longValue_isCutInTheMessage() {
    assertThat(check("{'maxLength': 3}", "'" + "a".repeat(100_000) + "'"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.length()).isLessThan(300));
  }
}
