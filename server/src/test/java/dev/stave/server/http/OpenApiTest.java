package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The description of the API is of this API, and can be read by a machine. */
class OpenApiTest extends ServerTest {

  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

  private JsonNode described;

  @BeforeEach
  void read() {
    described = get("/_openapi").json();
  }

  @Test
  void routes_areDescribed_andNothingElseIs() {
    Set<String> routed = new TreeSet<>();
    server
        .routes()
        .routes()
        .forEach(
            (template, route) ->
                route
                    .methods()
                    .keySet()
                    .forEach(method -> routed.add(method + " " + template.replace("*}", "}"))));

    Set<String> told = new TreeSet<>();
    forEachOperation((method, path, operation) -> told.add(method + " " + path));

    assertThat(told).isEqualTo(routed);
    assertThat(told).hasSizeGreaterThan(100);
  }

  @Test
  void operations_haveEachTheirIdAndTheirNames() {
    Set<String> ids = new HashSet<>();
    forEachOperation(
        (method, path, operation) -> {
          assertThat(ids.add(operation.path("operationId").asText())).as(path).isTrue();
          assertThat(operation.path("summary").asText()).as(path).isNotEmpty();
          assertThat(operation.path("responses").size()).as(path).isGreaterThan(1);
        });
    described
        .get("paths")
        .fields()
        .forEachRemaining(
            path -> {
              List<String> names = new ArrayList<>();
              Matcher braces = NAME.matcher(path.getKey());
              while (braces.find()) {
                names.add(braces.group(1));
              }
              assertThat(path.getValue().path("parameters").findValuesAsText("name"))
                  .as(path.getKey())
                  .containsExactlyElementsOf(names);
            });
  }

  @Test
  void references_leadSomewhere_andNothingIsLeftOver() {
    Set<String> used = new TreeSet<>();
    for (JsonNode reference : described.findValues("$ref")) {
      assertThat(described.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
      used.add(reference.asText());
    }
    for (String kind : List.of("parameters", "responses", "schemas")) {
      described
          .path("components")
          .path(kind)
          .fieldNames()
          .forEachRemaining(name -> assertThat(used).contains("#/components/" + kind + "/" + name));
    }
  }

  @Test
  void description_isForEverybody() {
    assertThat(put("/_node/_local/_config/admins/root", "'top'").status()).isEqualTo(200);

    assertThat(get("/_openapi").status()).isEqualTo(200);
    assertThat(get("/_openapi").header("Content-Type")).isEqualTo("application/json");
  }

  /** Takes an operation. */
  private interface Taker {
    void take(String method, String path, JsonNode operation);
  }

  /** Of COPY, which OpenAPI 3.1 has no word for, too. */
  private void forEachOperation(Taker taker) {
    described
        .get("paths")
        .fields()
        .forEachRemaining(
            path ->
                path.getValue()
                    .fields()
                    .forEachRemaining(
                        field -> {
                          String method = field.getKey().replace("x-", "");
                          if (!method.equals("parameters")) {
                            taker.take(
                                method.toUpperCase(Locale.ROOT), path.getKey(), field.getValue());
                          }
                        }));
  }
}
