package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.PeerChange;
import dev.stave.sync.peer.Scope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is in a scope by path or by a prefix of ids. */
class ScopeTest {

  private static List<String> in(Scope scope, Map<String, String> documents) {
    try (Database database = Database.inMemory()) {
      documents.forEach((id, body) -> database.put(id, JsonObject.parse(body.replace('\'', '"'))));
      return LocalPeer.of(database).changes("0", 100, scope).changes().stream()
          .map(PeerChange::id)
          .sorted()
          .toList();
    }
  }

  @Test
  void path_isWhatHasAnythingThereOrBelow() {
    Map<String, String> documents =
        Map.of(
            "below", "{'site': {'paris': {'room': 1}}}",
            "at", "{'site': {'paris': null}}",
            "empty", "{'site': {'paris': {}}}",
            "beside", "{'site': {'parish': 1}}",
            "none", "{'site': 'paris'}");

    assertThat(in(Scope.path("/site/paris"), documents)).containsExactly("at", "below", "empty");
    assertThat(in(Scope.path("/site"), documents)).hasSize(5);
  }

  @Test
  void path_throughNamesWithSigns_isTakenAsItIs() {
    Map<String, String> documents =
        Map.of("a", "{'x.y': {'$z': 1}}", "b", "{'x': {'y': {'$z': 1}}}", "c", "{'x/y': 1}");

    assertThat(in(Scope.path("/x.y/$z"), documents)).containsExactly("a");
    assertThat(in(Scope.path("/x~1y"), documents)).containsExactly("c");
    assertThatThrownBy(() -> Scope.path("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void idPrefix_isWhatBeginsSo_whateverSignsAreInIt() {
    Map<String, String> documents =
        Map.of("a.b/1", "{}", "a.b/", "{}", "a.b/\uD83D\uDE00", "{}", "axb/1", "{}", "a.b", "{}");

    assertThat(in(Scope.idPrefix("a.b/"), documents))
        .containsExactlyInAnyOrder("a.b/", "a.b/1", "a.b/\uD83D\uDE00");
    assertThatThrownBy(() -> Scope.idPrefix("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toJson_isReadAgain() {
    for (Scope scope :
        List.of(
            Scope.ALL,
            Scope.ids(List.of("b", "a")),
            Scope.path("/a/b"),
            Scope.filter("d/f", Map.of("x", "1")))) {
      assertThat(Scope.of(scope.toJson())).isEqualTo(scope);
    }
  }
}
