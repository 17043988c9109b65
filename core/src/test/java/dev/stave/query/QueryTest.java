package dev.stave.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.database.Database;
import dev.stave.database.Page;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryTest {

  private final Database database = Database.inMemory();

  @BeforeEach
  void fill() {
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 60; i++) {
      String json =
          "{\"group\": " + i % 3 + ", \"n\": " + i % 10 + ".50, \"tags\": [" + i % 2 + ", 7]}";
      batch.put(String.format("d%02d", i), JsonObject.parse(json));
    }
    database.write(batch);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static List<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).collect(Collectors.toList());
  }

  private static Query all() {
    return Query.where("{}");
  }

  @Test
  void page_documentsWrittenInBetween_findsTheOthersOnce() {
    Query query = all().sortByDescending("group").sortBy("n").limit(7);
    List<String> found = new ArrayList<>();
    Page page = database.page(query);
    int round = 0;
    while (true) {
      found.addAll(ids(page.documents()));
      if (page.next().isEmpty()) {
        break;
      }
      database.put("x" + round++, JsonObject.parse("{\"group\": 3, \"n\": 0}")); // before them all
      page = database.page(query.after(Bookmark.parse(page.next().get().toString())));
    }
    assertThat(found).hasSize(60).doesNotHaveDuplicates();
    assertThat(found.subList(0, 4)).containsExactly("d20", "d50", "d11", "d41");
  }

  @Test
  void fields_nestedPaths_areAtTheirPlaces() {
    database.put(
        "whole", JsonObject.parse("{\"q\":{\"r\":[1],\"s\":2,\"t\":{\"u\":3}},\"v\":[{\"w\":4}]}"));
    Query query = Query.where("{\"_id\": \"whole\"}");

    Document part = database.find(query.fields("q.t.u", "q.r", "v.0.w", "none").limit(1)).get(0);

    assertThat(part.body().toString()).isEqualTo("{\"q\":{\"t\":{\"u\":3},\"r\":[1]}}");
    assertThat(part.revision()).isEqualTo(database.get("whole").orElseThrow().revision());
    assertThat(database.find(query)).containsExactly(database.get("whole").orElseThrow());
    assertThatThrownBy(() -> query.fields("q.*"))
        .isInstanceOf(InvalidSelectorException.class)
        .hasMessageContaining("without wildcards");
  }

  @Test
  void findPlaced_placeOfEachDocument_isWhereTheRestBegins() {
    List<Query> queries =
        List.of(
            all().limit(60),
            all().sortByDescending("group").sortBy("n").limit(60),
            Query.where("{\"n\": {\"$gt\": 3}}").limit(60));
    for (Query query : queries) {
      List<String> found = new ArrayList<>();
      List<Bookmark> places = new ArrayList<>();
      database.findPlaced(
          query,
          (document, place) -> {
            found.add(document.id());
            return places.add(place);
          });

      assertThat(found).isEqualTo(ids(database.find(query))).isNotEmpty();
      for (int i = 0; i < found.size(); i++) {
        assertThat(ids(database.find(query.after(places.get(i)))))
            .isEqualTo(found.subList(i + 1, found.size()));
      }
    }
  }

  @Test
  void isBefore_places_isTheOrderInWhichTheyAreHandedOut() {
    List<Query> queries =
        List.of(
            all().limit(60),
            all().sortByDescending("group").sortBy("n").limit(60),
            all().sortBy("group").sortByDescending("n").limit(60).backward(),
            Query.where("{\"n\": {\"$gt\": 3}}").limit(60),
            Query.where("{\"n\": {\"$gt\": 3}}").limit(60).backward());
    for (Query query : queries) {
      List<Bookmark> places = new ArrayList<>();
      database.findPlaced(query, (document, place) -> places.add(place));

      assertThat(places).hasSizeGreaterThan(40);
      for (int i = 0; i < places.size(); i += 7) {
        for (int j = 0; j < places.size(); j++) {
          assertThat(query.isBefore(places.get(i), places.get(j))).isEqualTo(i < j);
        }
      }
    }
  }

  @Test
  void findPlaced_visitorHasEnough_isAskedNoMore() {
    List<String> found = new ArrayList<>();

    database.findPlaced(
        all().sortBy("n").limit(60),
        (document, place) -> {
          found.add(document.id());
          return found.size() < 3;
        });

    assertThat(found).hasSize(3);
  }

  @Test
  void page_lessThanTheLimit_isTheLast() {
    assertThat(database.page(all().limit(61)).next()).isEmpty();
    Page full = database.page(all().limit(60));
    assertThat(full.next()).isPresent();
    assertThat(database.page(all().limit(60).after(full.next().orElseThrow())).documents())
        .isEmpty();
  }

  @Test
  void page_limitOfNothing_goesOnWhereItWas() {
    Bookmark place = database.page(all().limit(5)).next().orElseThrow();
    Page none = database.page(all().limit(0).after(place));

    assertThat(none.documents()).isEmpty();
    assertThat(none.next()).contains(place);
  }

  @Test
  void bookmark_ofAnotherSortOrNoneAtAll_isRefused() {
    Bookmark place = database.page(all().sortBy("n").limit(1)).next().orElseThrow();

    assertThatThrownBy(() -> all().after(place))
        .isInstanceOf(InvalidSelectorException.class)
        .hasMessageContaining("another sort");
    for (String text : List.of("", "nil", "????", "W10", "WyJhIl0", "e30", "WzFdIA==x")) {
      assertThatThrownBy(() -> Bookmark.parse(text))
          .as(text)
          .isInstanceOf(InvalidSelectorException.class)
          .hasMessageContaining("not a bookmark");
    }
  }

  @Test
  void sortBy_mostPathsAndOneMore() {
    Query query = all();
    for (int i = 0; i < Query.MAX_SORT_KEYS; i++) {
      query = query.sortBy("n");
    }
    Query most = query;
    assertThat(database.find(most)).hasSize(60);
    assertThatThrownBy(() -> most.sortBy("n"))
        .isInstanceOf(InvalidSelectorException.class)
        .hasMessageContaining("at most 16 paths");
  }

  @Test
  void find_withVisitor_stopsWhenItSaysSo() {
    List<String> seen = new ArrayList<>();
    database.find(
        all().sortBy("_id"),
        document -> {
          seen.add(document.id());
          return seen.size() < 3;
        });

    assertThat(seen).containsExactly("d00", "d01", "d02");
  }

  @Test
  void limits_asManyDocumentsAsAllowedAndOneLess() {
    QueryLimits enough = new QueryLimits(Duration.ofHours(1), 60);
    QueryLimits oneLess = new QueryLimits(Duration.ofHours(1), 59);

    assertThat(database.find(all().limits(enough))).hasSize(60);
    assertThatThrownBy(() -> database.find(all().limits(oneLess)))
        .isInstanceOf(QueryLimitException.class)
        .hasMessageContaining("reads too many documents")
        .hasMessageContaining("limit=59");
    Grouping byTag = Grouping.by("tags[]").figures("n");
    assertThat(database.group(byTag.limits(enough))).hasSize(3);
    assertThatThrownBy(() -> database.group(byTag.limits(oneLess)))
        .isInstanceOf(QueryLimitException.class);
  }

  @Test
  void limits_noTimeAtAll_isAnErrorAndNoPart() {
    QueryLimits none = new QueryLimits(Duration.ZERO, Long.MAX_VALUE);

    assertThatThrownBy(() -> database.find(Query.where("{\"n\": {\"$gt\": 1}}").limits(none)))
        .isInstanceOf(QueryLimitException.class)
        .hasMessageContaining("takes too long");
    assertThat(database.find(all().limits(new QueryLimits(Duration.ofDays(400_000), 60))))
        .hasSize(60);
  }

  @Test
  void group_pathOfOneValue_countsFromTheIndexAlone() {
    QueryLimits noDocument = new QueryLimits(Duration.ofHours(1), 0);
    List<Group> groups =
        database.group(
            Grouping.by("group")
                .where(Selector.parse("{\"n\": {\"$lt\": 5}}"))
                .figures("n")
                .limits(noDocument));

    assertThat(groups).hasSize(3).allSatisfy(group -> assertThat(group.count()).isEqualTo(10));
    Figures first = groups.get(0).figures().get(0);
    assertThat(first.sum()).isEqualByComparingTo("25");
    assertThat(first.average()).hasValueSatisfying(a -> assertThat(a).isEqualByComparingTo("2.5"));
    assertThat(first.min()).isEqualByComparingTo(new BigDecimal("0.5"));
    assertThat(first.max()).isEqualByComparingTo(new BigDecimal("4.5"));
    assertThat(
            database.group(Grouping.by("tags[]").limits(noDocument)).stream()
                .map(g -> g.value() + " " + g.count()))
        .containsExactly("0 30", "1 30", "7 60");
  }

  @Test
  void group_noNumbers_hasNoAverage() {
    Figures none = database.group(Grouping.by("group").figures("tags")).get(0).figures().get(0);

    assertThat(none.count()).isZero();
    assertThat(none.average()).isEmpty();
  }

  @Test
  void figures_mostAndOneMore() {
    Grouping grouping = Grouping.by("group");
    for (int i = 0; i < Grouping.MAX_FIGURES; i++) {
      grouping = grouping.figures("n");
    }
    Grouping most = grouping;
    assertThat(database.group(most).get(0).figures()).hasSize(Grouping.MAX_FIGURES);
    assertThatThrownBy(() -> most.figures("n")).hasMessageContaining("at most 64 figures");
  }
}
