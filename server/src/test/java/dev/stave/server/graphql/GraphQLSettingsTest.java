package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.json.JsonObject;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphQLSettingsTest {

  private static final String LINK =
      "{'from': 'book', 'path': 'author_id', 'to': 'author', 'as': 'author', 'back': 'books'}";

  private static GraphQLOptions of(String json) {
    return GraphQLSettings.of(GraphQLOptions.DEFAULT, JsonObject.parse(json.replace('\'', '"')));
  }

  @Test
  void settings_pathAndLinks_areTaken() {
    GraphQLOptions options = of("{'type_path': 'meta.kind', 'links': [" + LINK + "]}");

    assertThat(options.typePath()).hasToString("meta.kind");
    assertThat(options.links())
        .containsExactly(GraphQLLink.of("book", "author_id", "author", "author", "books"));
    assertThat(of("{}").links()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type_path': 1}",
        "{'type_path': '*'}",
        "{'types': 'x'}",
        "{'links': {}}",
        "{'links': [1]}",
        "{'links': [{'from': 'book'}]}",
        "{'links': [{'from': 'a', 'path': '**', 'to': 'b', 'as': 'c', 'back': 'd'}]}",
        "{'links': [{'from': 'a', 'path': 'p', 'to': 'b', 'as': '1c', 'back': 'd'}]}",
        "{'links': [{'from': 'a', 'path': 'p', 'to': 'b', 'as': 'c', 'back': 'd', 'x': 1}]}",
      })
  void settings_thatSaySomethingElse_areRefused(String json) {
    assertThatThrownBy(() -> of(json)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void settings_asManyLinksAsMayBe_areTaken_andOneMoreNot() {
    String most = String.join(",", Collections.nCopies(GraphQLSettings.MAX_LINKS, LINK));

    assertThat(of("{'links': [" + most + "]}").links()).hasSize(GraphQLSettings.MAX_LINKS);
    assertThatThrownBy(() -> of("{'links': [" + most + "," + LINK + "]}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 200");
  }
}
