package dev.stave.server.graphql.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.server.graphql.catalogue.Place.Kind;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the names of members are names, and where they are data: each bound from both sides. */
class GrowthTest {

  private final Members members = new Members("T");

  private void grow(List<? extends JsonNode> bodies) {
    Observed seen = new Observed();
    bodies.forEach(seen::add);
    new Growth(new HashSet<>(), name -> false, 100_000).grow(members, seen, 0);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** So many members from {@code from} on, all numbers. */
  private static ObjectNode numbers(String prefix, int from, int count) {
    ObjectNode object = object();
    for (int i = from; i < from + count; i++) {
      object.put(prefix + i, i);
    }
    return object;
  }

  @Test
  void grow_membersThatAreAlike_areFieldsUpToTheBound() {
    grow(List.of(numbers("m", 0, Growth.MAX_MEMBERS)));

    assertThat(members.entries()).isNull();
    assertThat(members.places()).hasSize(Growth.MAX_MEMBERS);
  }

  @Test
  void grow_oneMoreThatIsAlike_makesItAMapThatKeepsItsFields() {
    grow(List.of(numbers("m", 0, Growth.MAX_MEMBERS)));
    grow(List.of(numbers("m", 0, Growth.MAX_MEMBERS + 1)));

    assertThat(members.entries()).isNotNull();
    assertThat(members.entries().kind()).isEqualTo(Kind.NUMBER);
    assertThat(members.places()).hasSize(Growth.MAX_MEMBERS);
  }

  @Test
  void grow_moreAtOnce_areEntriesAllOfThem() {
    grow(List.of(numbers("m", 0, Growth.MAX_MEMBERS + 1)));

    assertThat(members.entries()).isNotNull();
    assertThat(members.places()).isEmpty();
  }

  @Test
  void grow_membersThatAreUnlike_areFieldsUpToALargerBound() {
    ObjectNode unlike = numbers("n", 0, Growth.MAX_UNLIKE_MEMBERS / 2);
    for (int i = unlike.size(); i < Growth.MAX_UNLIKE_MEMBERS; i++) {
      unlike.putObject("o" + i);
    }
    grow(List.of(unlike));
    assertThat(members.entries()).isNull();

    grow(List.of(unlike.put("one", 1)));
    assertThat(members.entries()).isNotNull();
    assertThat(members.places()).hasSize(Growth.MAX_UNLIKE_MEMBERS);
  }

  @Test
  void grow_membersThatLookLikeKeys_areEntriesFromTheFourthOn() {
    for (List<String> keys :
        List.of(
            List.of("2020-01-01", "2020-01-02", "2020-02-01", "2020-03-01T10:00:00Z"),
            List.of("1", "2", "30", "4"),
            List.of(
                "6fa459ea-ee8a-3ca4-894e-db77e160355e",
                "16fd2706-8baf-433b-82eb-8c7fada847da",
                "886313e1-3b8a-5372-9b90-0c9aee199e5d",
                "00000000-0000-0000-0000-000000000000"))) {
      Members few = new Members("F");
      Members many = new Members("M");
      Growth growth = new Growth(new HashSet<>(), name -> false, 100);
      growth.grow(few, seen(keys.subList(0, Growth.MIN_KEYS - 1)), 0);
      growth.grow(many, seen(keys), 0);

      assertThat(few.entries()).isNull();
      assertThat(few.places()).hasSize(Growth.MIN_KEYS - 1);
      assertThat(many.entries()).isNotNull();
    }
  }

  private static Observed seen(List<String> names) {
    ObjectNode body = object();
    names.forEach(name -> body.put(name, 1));
    Observed seen = new Observed();
    seen.add(body);
    return seen;
  }

  @Test
  void grow_wideRecord_isNoMap() {
    grow(java.util.Collections.nCopies(20, numbers("column", 0, 300)));

    assertThat(members.entries()).isNull();
    assertThat(members.places()).hasSize(300);
  }

  @Test
  void grow_mapWithUsualMembers_givesThemFieldsUpToTheBound() {
    grow(mapsWith(Growth.MAX_USUAL));
    assertThat(members.entries()).isNotNull();
    assertThat(members.places()).hasSize(Growth.MAX_USUAL);

    Members more = new Members("More");
    Observed seen = new Observed();
    mapsWith(Growth.MAX_USUAL + 1).forEach(seen::add);
    new Growth(new HashSet<>(), name -> false, 100_000).grow(more, seen, 0);
    assertThat(more.entries()).isNotNull();
    assertThat(more.places()).isEmpty();
  }

  /** Objects that have {@code usual} members in common, and ten of their own each. */
  private static List<ObjectNode> mapsWith(int usual) {
    List<ObjectNode> maps = new java.util.ArrayList<>();
    for (int i = 0; i < 20; i++) {
      maps.add(numbers("usual", 0, usual).setAll(numbers("own", 100 + i * 10, 10)));
    }
    return maps;
  }

  @Test
  void grow_objectsInObjects_haveTypesUpToTheDepth() {
    ObjectNode body = object();
    ObjectNode at = body;
    for (int i = 0; i <= Growth.MAX_DEPTH; i++) {
      at = at.putObject("a");
    }
    grow(List.of(body));

    Members inside = members;
    for (int i = 0; i < Growth.MAX_DEPTH; i++) {
      Place place = inside.places().get("a");
      assertThat(place.kind()).isEqualTo(Kind.OBJECT);
      inside = place.members();
    }
    assertThat(inside.places().get("a").kind()).isEqualTo(Kind.JSON);
  }

  @Test
  void grow_nothingButNullsAndEmptyLists_givesNoField() {
    ObjectNode body = object().putNull("n");
    body.putArray("l").addArray();
    grow(List.of(body));

    assertThat(members.places()).isEmpty();
  }
}
