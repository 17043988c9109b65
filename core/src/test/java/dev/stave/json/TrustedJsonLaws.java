package dev.stave.json;

import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.query.RandomData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What was checked when it was written is read as if it were checked again. */
class TrustedJsonLaws {

  private static final List<String> NAMES = List.of("a", "b", "c", "0", "1", "d\\.e");

  private static JsonObject inARow(JsonObject object) {
    byte[] row = new byte[7 + object.size()];
    object.copyTo(row, 7);
    return JsonObject.trusted(row, 7);
  }

  @Property(tries = 500)
  void trusted_restOfARow_isTheObject(@ForAll long seed) {
    JsonObject object = JsonObject.of(new RandomData(seed).document());

    assertThatObject(inARow(object).sharedTree()).isEqualTo(JsonObject.parseValue(object.bytes()));
    assertThatObject(inARow(object)).isEqualTo(object).hasToString(object.toString());
    assertThatObject(inARow(object).bytes()).isEqualTo(object.bytes());
  }

  @Property(tries = 500)
  void valueAt_anyPath_isTheFirstInTheTree(@ForAll long seed) {
    RandomData data = new RandomData(seed);
    JsonObject object = JsonObject.of(data.document());
    for (int i = 0; i < 30; i++) {
      StringBuilder path = new StringBuilder(NAMES.get(data.nextInt(6)));
      for (int more = data.nextInt(3); more > 0; more--) {
        path.append('.').append(NAMES.get(data.nextInt(6)));
      }
      JsonPath parsed = JsonPath.parse(path.toString());
      JsonNode expected = parsed.first(object.sharedTree());

      assertThatObject(inARow(object).valueAt(parsed))
          .as("%s in %s", path, object)
          .isEqualTo(expected);
      assertThatObject(object.valueAt(parsed)).isEqualTo(expected);
    }
  }

  /** Keeps what is below the paths, and of what is no object on the way all. */
  private static JsonNode kept(JsonNode value, List<JsonPath> paths, int depth) {
    boolean isWhole = paths.stream().anyMatch(path -> path.steps().size() == depth);
    if (isWhole || !value.isObject()) {
      return value;
    }
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      List<JsonPath> below =
          paths.stream()
              .filter(path -> path.memberAt(depth).equals(member.getKey()))
              .collect(Collectors.toList());
      if (!below.isEmpty()) {
        kept.set(member.getKey(), kept(member.getValue(), below, depth + 1));
      }
    }
    return kept;
  }

  @Property(tries = 1_000)
  void masked_anyPaths_areThoseOfTheTree(@ForAll("objects") JsonObject object, @ForAll long seed) {
    RandomData data = new RandomData(seed);
    List<JsonPath> paths = new ArrayList<>();
    for (int count = data.nextInt(5); count > 0; count--) {
      List<JsonPath.Step> steps = new ArrayList<>();
      JsonNode at = object.sharedTree();
      do {
        List<String> names = new ArrayList<>(NAMES);
        at.fieldNames().forEachRemaining(names::add);
        String name = names.get(data.nextInt(names.size()));
        steps.add(new JsonPath.Step.Member(name));
        at = at.path(name);
      } while (at.isObject() && data.nextInt(4) > 0);
      paths.add(new JsonPath(steps));
    }
    JsonMask mask = JsonMask.of(paths);

    JsonNode stored = inARow(object).sharedTree(); // its numbers are as they are read
    JsonNode expected = kept(stored, paths, 0);

    assertThatObject(inARow(object).masked(mask).sharedTree())
        .as("%s of %s", paths, object)
        .isEqualTo(expected);
    assertThatObject(inARow(object).masked(mask))
        .hasToString(JsonObject.of((ObjectNode) expected).toString());
  }

  @Provide
  Arbitrary<JsonObject> objects() {
    Arbitrary<JsonObject> plain =
        Arbitraries.longs().map(seed -> JsonObject.of(new RandomData(seed).document()));
    Arbitrary<JsonObject> hard =
        Arbitraries.maps(JsonValues.texts(), JsonValues.values())
            .ofMaxSize(6)
            .map(members -> JsonObject.of(JsonValues.object(members)));
    return Arbitraries.oneOf(plain, hard);
  }
}
