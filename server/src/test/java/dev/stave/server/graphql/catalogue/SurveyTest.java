package dev.stave.server.graphql.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.revision.RevisionId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is looked at of a database, how much of it at once. */
class SurveyTest {

  private static final CatalogueTerms TERMS =
      new CatalogueTerms(JsonPath.parse("type"), 200, 50_000, List.of());

  private final Database database = Database.inMemory();
  private final Survey survey = new Survey(database, TERMS);

  @AfterEach
  void close() {
    database.close();
  }

  private RevisionId put(String id, String body) {
    return database.put(id, JsonObject.parse(body));
  }

  private void putMany(int count, String member) {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < count; i++) {
      batch.put(member + i, JsonObject.parse("{\"" + member + "\":" + i + "}"));
    }
    database.write(batch);
  }

  /** What was seen, as text: of each type the paths with their types. */
  private static String text(Map<@Nullable String, Observed> bodies) {
    Map<String, String> text = new TreeMap<>();
    bodies.forEach((type, seen) -> text.put(String.valueOf(type), text(seen)));
    return text.toString();
  }

  private static String text(Observed seen) {
    Map<String, String> members = new TreeMap<>();
    seen.members().forEach((name, member) -> members.put(name, text(member)));
    Observed elements = seen.elements();
    return seen.types() + "" + members + (elements == null ? "" : "[" + text(elements) + "]");
  }

  @Test
  void since_changes_isWhatTheIndexHasToo() {
    put("a", "{\"type\":\"boat\",\"n\":1,\"in\":{\"deep\":[true,\"x\"]}}");
    put("b", "{\"type\":\"boat\",\"n\":\"many\"}");
    put("c", "{\"lists\":[[1],[{\"a\":null}]]}");

    Survey.Seen changed = survey.since(0, database.lastSequence());
    Survey.Seen all = survey.all();

    assertThat(text(changed.bodies())).isEqualTo(text(all.bodies())).contains("boat", "deep");
    assertThat(changed.sequence()).isEqualTo(all.sequence()).isEqualTo(3);
  }

  @Test
  void since_deletedAndDesignDocuments_areLeftOut() {
    database.delete("a", put("a", "{\"gone\":1}"));
    put("_design/d", "{\"views\":{}}");
    put("b", "{\"n\":1}");

    assertThat(text(survey.since(0, database.lastSequence()).bodies()))
        .contains("n=")
        .doesNotContain("gone", "views");
  }

  @Test
  void since_aBatchOfDocuments_orOneMore_endsWithTheBatch() {
    putMany(1_000, "m");
    assertThat(survey.since(0, 1_000).sequence()).isEqualTo(1_000);

    put("last", "{\"fresh\":1}");

    Survey.Seen first = survey.since(0, 1_001);
    assertThat(first.sequence()).isEqualTo(1_000);
    assertThat(text(first.bodies())).doesNotContain("fresh");
    Survey.Seen second = survey.since(first.sequence(), 1_001);
    assertThat(second.sequence()).isEqualTo(1_001);
    assertThat(text(second.bodies())).contains("fresh");
  }

  @Test
  void since_manyBytes_endsBehindTheDocumentThatIsTooMuch() {
    String long1 = "{\"a\":\"" + "x".repeat(1 << 20) + "\"}";
    for (int i = 0; i < 6; i++) {
      put("d" + i, i == 5 ? "{\"fresh\":1}" : long1);
    }

    Survey.Seen first = survey.since(0, 6);

    assertThat(first.sequence()).isEqualTo(4);
    Survey.Seen second = survey.since(4, 6);
    assertThat(second.sequence()).isEqualTo(6);
    assertThat(text(second.bodies())).contains("fresh");
  }

  @Test
  void since_moreChangesThanAreLookedAt_isWhatTheIndexHas() {
    putMany(10_000, "m");
    putMany(10_000, "n");
    assertThat(survey.since(0, 20_000).sequence()).isEqualTo(1_000); // a batch of them

    put("last", "{\"fresh\":1}");

    Survey.Seen all = survey.since(0, 20_001);
    assertThat(all.sequence()).isEqualTo(20_001);
    assertThat(text(all.bodies())).contains("m=", "n=", "fresh=");
  }
}
