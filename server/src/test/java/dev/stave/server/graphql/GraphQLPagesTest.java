package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of documents, from either end. */
class GraphQLPagesTest {

  private static final int DOCUMENTS = 11;

  private final Database database = Database.inMemory();
  private final GraphQL graphql = GraphQL.of(database);

  @BeforeEach
  void fill() {
    for (int i = 0; i < DOCUMENTS; i++) {
      database.put(
          "d" + i,
          JsonObject.parse("{\"type\":\"t\",\"n\":" + (i * 7 % 11) + ",\"g\":" + i % 3 + "}"));
    }
  }

  @AfterEach
  void close() {
    graphql.close();
    database.close();
  }

  /** A page: ids, cursors, and whether there are others. */
  private record Page(
      List<String> ids, List<String> cursors, boolean hasPrevious, boolean hasNext) {

    String last() {
      return cursors.get(cursors.size() - 1);
    }
  }

  private GraphQLReply ask(String field, Map<String, ?> variables) {
    String query =
        "query ($f: Int, $a: String, $l: Int, $b: String) { page: "
            + field.replace("PAGE", "first: $f, after: $a, last: $l, before: $b")
            + " { edges { cursor node { _id } } pageInfo { hasPreviousPage hasNextPage startCursor"
            + " endCursor } } }";
    Map<String, @Nullable Object> values = new LinkedHashMap<>(variables);
    return graphql.execute(GraphQLRequest.of(query).variables(values));
  }

  private Page page(String field, Map<String, ?> variables) {
    GraphQLReply reply = ask(field, variables);
    assertThat(reply.errors()).isEmpty();
    Map<?, ?> page = (Map<?, ?>) ((Map<?, ?>) reply.body().get("data")).get("page");
    List<String> ids = new ArrayList<>();
    List<String> cursors = new ArrayList<>();
    for (Object each : (List<?>) page.get("edges")) {
      Map<?, ?> edge = (Map<?, ?>) each;
      ids.add(String.valueOf(((Map<?, ?>) edge.get("node")).get("_id")));
      cursors.add(String.valueOf(edge.get("cursor")));
    }
    Map<?, ?> info = (Map<?, ?>) page.get("pageInfo");
    assertThat(info.get("startCursor")).isEqualTo(cursors.isEmpty() ? null : cursors.get(0));
    assertThat(info.get("endCursor"))
        .isEqualTo(cursors.isEmpty() ? null : cursors.get(cursors.size() - 1));
    return new Page(
        ids, cursors, (Boolean) info.get("hasPreviousPage"), (Boolean) info.get("hasNextPage"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "documents(PAGE)",
        "documents(PAGE, orderBy: [{path: \"n\"}])",
        "ts(PAGE, where: {n: {gte: 2}})",
        "ts(PAGE, orderBy: [{path: \"g\", direction: DESC}])",
        "ts(PAGE, orderBy: [{path: \"g\"}, {path: \"n\", direction: DESC}])",
      })
  void last_fromPageToPage_isTheAnswerFromItsEnd(String field) {
    List<String> forward = page(field, Map.of("f", 100)).ids();
    List<String> backward = new ArrayList<>();
    Map<String, Object> from = new LinkedHashMap<>(Map.of("l", 3));
    while (true) {
      Page page = page(field, from);
      assertThat(page.hasNext()).isEqualTo(from.containsKey("b"));
      List<String> turned = new ArrayList<>(page.ids());
      Collections.reverse(turned);
      backward.addAll(turned);
      if (!page.hasPrevious()) {
        break;
      }
      from.put("b", page.cursors().get(0));
    }
    Collections.reverse(backward);

    assertThat(backward).isEqualTo(forward);
  }

  @Test
  void pages_betweenCursors_areOfBothEnds() {
    String field = "ts(PAGE, orderBy: [{path: \"n\"}])";
    Page all = page(field, Map.of("f", 100));
    String after = all.cursors().get(1);
    String before = all.cursors().get(7);

    Page whole = page(field, Map.of("f", 100, "a", after, "b", before));
    assertThat(whole.ids()).isEqualTo(all.ids().subList(2, 7));
    assertThat(whole.hasNext()).isTrue();
    assertThat(whole.hasPrevious()).isTrue();
    assertThat(page(field, Map.of("f", 2, "a", after, "b", before)).ids())
        .isEqualTo(all.ids().subList(2, 4));
    assertThat(page(field, Map.of("l", 2, "a", after, "b", before)).ids())
        .isEqualTo(all.ids().subList(5, 7));
    Page turned = page(field, Map.of("l", 100, "a", after, "b", before));
    assertThat(turned.ids()).isEqualTo(all.ids().subList(2, 7));
    assertThat(turned.hasPrevious()).isTrue();
    assertThat(page(field, Map.of("f", 3, "b", all.cursors().get(0))).ids()).isEmpty();
    assertThat(page(field, Map.of("f", 3, "a", before, "b", after)).ids()).isEmpty();
  }

  @Test
  void before_whileOthersWrite_findsEachThatIsNotChangedOnce() {
    String field = "ts(PAGE, orderBy: [{path: \"n\"}])";
    List<String> all = page(field, Map.of("f", 100)).ids();
    List<String> found = new ArrayList<>();
    Map<String, Object> from = new LinkedHashMap<>(Map.of("l", 2));
    for (int round = 0; ; round++) {
      Page page = page(field, from);
      found.addAll(page.ids());
      if (!page.hasPrevious()) {
        break;
      }
      from.put("b", page.cursors().get(0));
      database.put("new" + round, JsonObject.parse("{\"type\":\"t\",\"n\":100}"));
    }

    assertThat(found).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void page_thatIsNone_isRefused() {
    assertThat(ask("ts(PAGE)", Map.of("f", 1, "l", 1)).code()).contains(ErrorCode.BAD_REQUEST);
    assertThat(ask("ts(PAGE)", Map.of("l", -1)).code()).contains(ErrorCode.BAD_REQUEST);
    assertThat(ask("ts(PAGE)", Map.of("l", 1_001)).code()).contains(ErrorCode.LIMIT_PAGE);
    assertThat(ask("ts(PAGE)", Map.of("b", "?")).code()).contains(ErrorCode.BAD_REQUEST);
    assertThat(ask("ts(PAGE, skip: -1)", Map.of()).code()).contains(ErrorCode.BAD_REQUEST);
    String sorted = "ts(PAGE, orderBy: [{path: \"g\"}, {path: \"n\"}])";
    String cursor = page(sorted, Map.of("l", 1)).last();
    assertThat(ask("ts(PAGE)", Map.of("f", 1, "b", cursor)).code()).contains(ErrorCode.BAD_REQUEST);
    assertThat(page(sorted, Map.of("l", 0)).ids()).isEmpty();
  }

  @Test
  void page_withoutAnOrder_isInTheOrderInWhichDocumentsWereWritten() {
    Document edited = database.get("d3").orElseThrow();
    database.put("d3", edited.revision(), edited.body());

    List<String> written =
        List.of("d0", "d1", "d2", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d3");
    assertThat(page("ts(PAGE)", Map.of("f", 100)).ids()).isEqualTo(written);
    assertThat(page("documents(PAGE)", Map.of("l", 2)).ids()).containsExactly("d10", "d3");
    assertThat(page("ts(PAGE, where: {n: {gte: 0}})", Map.of("f", 2)).ids())
        .containsExactly("d0", "d1");
  }
}
