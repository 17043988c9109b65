package dev.stave.server.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leads out of the sandbox, and what would never end in it. */
class SandboxTest {

  private static final ScriptLimits SMALL =
      new ScriptLimits(1_000, 64 << 20, 500, 4 << 20, 1 << 20, 8 << 20);

  private static JsonNode json(String text) {
    return JsonObject.parseValue(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** What the expression is, as JSON. */
  private static JsonNode value(String expression) {
    return run("return (" + expression + ");");
  }

  private static JsonNode run(String body, JsonNode... arguments) {
    JsonNode design =
        JsonNodeFactory.instance.objectNode().put("f", "function (a, b) {" + body + "}");
    return new DesignScript("_design/t", design, SMALL).call(List.of("f"), arguments);
  }

  private static ScriptException failure(String body) {
    ScriptException failure =
        catchThrowableOfType(ScriptException.class, () -> System.err.println(run(body)));
    assertThat(failure).as(body).isNotNull();
    return failure;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java",
        "Packages",
        "JavaImporter",
        "JavaAdapter",
        "importPackage",
        "getClass",
        "org",
        "com",
        "edu",
        "net",
        "javax",
        "load",
        "print",
        "quit",
        "require.main",
        "eval",
        "Script",
        "Continuation",
        "ArrayBuffer",
        "BigInt",
        "XML",
        "stringify",
        "({}).getClass",
        "emit.getClass",
        "JSON.stringify.class",
        "Object.getClass",
        "[].concat.getClass",
        "'x'.getBytes",
        "'x'.getClass",
        "(1).getClass",
        "new Date().getClass",
        "/x/.getClass",
        "Math.getClass",
        "(function () {}).getClass",
        "(function () { try { null.x } catch (e) { return e.javaException } })()",
        "(function () { try { null.x } catch (e) { return e.rhinoException } })()",
        "(function () { try { emit(1) } catch (e) { return e.javaException || e.rhinoException } })()",
        "(function () { return this.java })()"
      })
  void whatLeadsToJava_isNotThere(String expression) {
    assertThat(
            value("(function () { try { return typeof (" + expression + "); } catch (e) {} })()")
                .asText())
        .isIn("undefined", "null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.System.exit(1)",
        "Packages.java.lang.Runtime.getRuntime()",
        "new java.io.File('/tmp')",
        "({}).constructor.constructor('return 1')()",
        "(function () {}).constructor('return 1')()",
        "new (function () {}).constructor('return 1')()",
        "(function* () {}).constructor('return 1')()",
        "(() => 1).constructor('return 1')()",
        "emit.constructor('return 1')()",
        "[].join.constructor('return 1')()",
        "JSON.stringify.constructor('return 1')()",
        "Function('return 1')()",
        "new Function('return 1')()",
        "eval('1')",
        "10n",
        "require('java.lang.System')",
        "require('../../../etc/passwd')"
      })
  void wayOut_throws(String expression) {
    assertThat(failure("return " + expression + ";").error())
        .isIn("ReferenceError", "TypeError", "Error", "compilation_error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for (;;) {}",
        "while (true) { try { for (;;) {} } catch (e) {} finally { continue; } }",
        "(function f() { try { f(); } finally { f(); } })()",
        "/(a*)*b/.test(Array(40).join('a'))",
        "/^(([a-z])+.)+[A-Z]([a-z])+$/.test(Array(50).join('a'))",
        "'x'.repeat(1e9)",
        "'x'.padStart(1e9)",
        "Array(1e9).join('x')",
        "Array(1e6).join(Array(1e6).join('x'))",
        "Array(4294967295).indexOf(1)",
        "Array.prototype.indexOf.call({length: 9e15}, 1)",
        "Array.from({length: 1e12})",
        "Math.max.apply(null, {length: 1e12})",
        "Reflect.apply(Math.max, null, {length: 1e12})",
        "new Array(1e9).fill(1)",
        "var s = Array(1e6).join('x'); s.replace(/x/g, s)",
        "var a = []; for (var i = 0; i < 60; i++) { a = [a, a]; } return String(a)",
        "var a = []; for (var i = 0; i < 60; i++) { a = [a, a]; } return JSON.stringify(a)",
        "var a = []; for (var i = 0; i < 60; i++) { a = [a, a]; } return a",
        "var a = []; for (var i = 0; i < 60; i++) { a = [a, a]; } return a.flat(99)",
        "var a = []; for (;;) { a.push({}); }",
        "var a = []; for (;;) { a.push('x'.repeat(1e6) + a.length); }",
        "var s = 'x'; for (;;) { s += s; s.charAt(0); }",
        "var s = 'x'; for (var i = 0; i < 30; i++) { s += s; } return s.charAt(0)",
        "var s = 'x'; for (var i = 0; i < 30; i++) { s += s; } return s",
        "var s = 'x'; for (var i = 0; i < 30; i++) { s += s; } return /y/.test(s)",
        "var o = {}; for (var i = 0;; i++) { o['k' + i] = i; }",
        "var a = []; for (var i = 0; i < 1e5; i++) { a.push(Array(1e5).join('x')); } return a.sort()",
      })
  void whatNeverEnds_orTakesTooMuch_isStopped(String body) {
    assertThat(failure(body).error()).isEqualTo(ScriptException.TOO_COSTLY);
  }

  @Test
  void recursion_isStopped_andNotTheThread() {
    assertThat(failure("(function f() { f(); })()").reason()).isNotEmpty();
    assertThat(failure("(function f() { [1].forEach(f); })()").reason()).isNotEmpty();
    assertThat(failure("var a = []; a[0] = a; return a;").reason()).contains("contains itself");
    assertThat(failure("(function f() { return f() + 1; })()").reason()).contains("depth");
  }

  @Test
  void deepSource_isNoFunction() {
    String deep = "(".repeat(100_000) + ")".repeat(100_000);

    assertThat(failure("return " + deep).error()).isEqualTo("compilation_error");
  }

  @Test
  void globalOfOneDesignDocument_isNotThatOfAnother() {
    run("Array.prototype.x = 1; Object.prototype.y = 1; leaked = 1; JSON.parse = null;");

    assertThat(value("[typeof [].x, typeof ({}).y, typeof leaked, typeof JSON.parse]"))
        .hasToString(json("['undefined', 'undefined', 'undefined', 'function']").toString());
  }

  @Test
  void failure_namesTheFunction_andTheLine() {
    assertThat(failure("\n\nnull.x;").reason()).contains("_design/t/f").contains("line 3");
    assertThat(failure("\n throw new TypeError('odd');").error()).isEqualTo("TypeError");
    assertThat(failure("\n throw new TypeError('odd');").reason())
        .contains("odd")
        .contains("line 2");
    assertThat(failure("return (;").error()).isEqualTo("compilation_error");
  }

  @Test
  void thrown_asCouchDbTellsIt() {
    assertThat(failure("throw({forbidden: 'no'});"))
        .hasMessage("no")
        .extracting(ScriptException::error)
        .isEqualTo("forbidden");
    assertThat(failure("throw({unauthorized: 'who'});").error()).isEqualTo("unauthorized");
    assertThat(failure("throw(['error', 'not_found', 'gone']);").error()).isEqualTo("not_found");
    assertThat(failure("throw('text');").reason()).contains("text");
  }

  @Test
  void helpers_ofCouchDb_areThere() {
    assertThat(value("[sum([1, 2, 3]), isArray([]), isArray({}), toJSON({a: [1]})]").toString())
        .isEqualTo("[6,true,false,\"{\\\"a\\\":[1]}\"]");
    assertThat(value("JSON.parse('[1]')")).hasToString(json("[1]").toString());
    assertThat(value("JSON.stringify({a: 1, b: undefined, c: [undefined]}, null, 1)").asText())
        .isEqualTo("{\n \"a\": 1,\n \"c\": [\n  null\n ]\n}");
    assertThat(value("JSON.stringify({a: 1, b: 2}, ['a'])").asText()).isEqualTo("{\"a\":1}");
    assertThat(value("[3, 20, 1].sort()")).hasToString(json("[1, 20, 3]").toString());
    assertThat(value("[3, 20, 1].sort(function (a, b) { return a - b; })"))
        .hasToString(json("[1, 3, 20]").toString());
    assertThat(value("Array.prototype.slice.call(arguments, 0)"))
        .hasToString(json("[]").toString());
    assertThat(value("[].concat([1], 2, [[3]]).join('-')").asText()).isEqualTo("1-2-3");
    assertThat(value("'a-b'.split('-').map(function (x) { return x.toUpperCase(); })"))
        .hasToString(json("['A', 'B']").toString());
    assertThat(value("'aXbX'.replace(/X/g, '-$&')").asText()).isEqualTo("a-Xb-X");
    assertThat(value("(function () {}) instanceof Function").asBoolean()).isTrue();
    assertThat(value("[1, [2, [3]]].flat()")).hasToString(json("[1, 2, [3]]").toString());
    assertThat(value("Math.max.apply(null, [1, 3, 2])")).hasToString(json("3").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "let x = 1; const y = 2; return x + y == 3;",
        "return [1, 2].map(x => x * 2)[1] == 4;",
        "return `a${1 + 1}` == 'a2';",
        "const {x, y: [z]} = {x: 1, y: [2]}; return x + z == 3;",
        "const m = new Map(); m.set(1, 2); return m.get(1) == 2 && new Set([1, 1]).size == 1;",
        "function* g() { yield 1; yield 2; } let n = 0; for (let x of g()) { n += x; } return n == 3;",
        "return Object.assign({a: 1}, {b: 2}).b == 2 && [1, 2].includes(2) && 'abc'.startsWith('a');"
      })
  void newerLanguage_asFarAsRhinoHasIt(String body) {
    assertThat(run(body).asBoolean()).isTrue();
  }

  @Test
  void numbers_areDoubles() {
    assertThat(value("[1.5, 1e21, 0.1 + 0.2, -0, 1/0, 0/0, 9007199254740993]").toString())
        .isEqualTo("[1.5,1E+21,0.30000000000000004,0,null,null,9007199254740992]");
    assertThat(run("return a.n + 1;", json("{'n': 123456789012345678901234567890}")).decimalValue())
        .isEqualByComparingTo("123456789012345680000000000000");
    assertThat(run("return a;", json("{'7': 1, 'x': [1, 2.5, null, true, {'y': 'é'}]}")).toString())
        .isEqualTo(json("{'7': 1, 'x': [1, 2.5, null, true, {'y': 'é'}]}").toString());
    assertThat(run("return [a[7], a['7']];", json("{'7': 1}")))
        .hasToString(json("[1, 1]").toString());
    assertThat(value("new Date(0)").asText()).isEqualTo("1970-01-01T00:00:00.000Z");
  }
}
