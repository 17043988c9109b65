package dev.stave.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the documents, pointers and patches. */
class PatchLaws {

  @Provide
  Arbitrary<JsonObject> documents() {
    return Arbitraries.maps(JsonValues.texts(), JsonValues.values())
        .ofMaxSize(5)
        .map(members -> JsonObject.of(JsonValues.object(members)));
  }

  @Provide
  Arbitrary<JsonNode> values() {
    return JsonValues.values();
  }

  /** All places in a tree. */
  private static void addPlaces(JsonNode at, JsonPointer here, List<JsonPointer> places) {
    places.add(here);
    for (int i = 0; at.isArray() && i < at.size(); i++) {
      addPlaces(at.get(i), below(here, String.valueOf(i)), places);
    }
    for (Map.Entry<String, JsonNode> member : at.properties()) {
      addPlaces(member.getValue(), below(here, member.getKey()), places);
    }
  }

  private static JsonPointer below(JsonPointer above, String token) {
    List<String> tokens = new ArrayList<>(above.tokens());
    tokens.add(token);
    return new JsonPointer(tokens);
  }

  private static List<JsonPointer> places(JsonObject document) {
    List<JsonPointer> places = new ArrayList<>();
    addPlaces(document.sharedTree(), JsonPointer.ROOT, places);
    return places;
  }

  private static void isUnchanged(JsonObject document, String text) {
    assertThat(document).hasToString(text);
    assertThat(JsonObject.parse(document.sharedTree().toString())).isEqualTo(document);
  }

  @Property
  void parse_writtenPointer_isReadBack(@ForAll("documents") JsonObject document) {
    for (JsonPointer place : places(document)) {
      assertThat(JsonPointer.parse(place.toString())).isEqualTo(place);
      assertThat(place.get(document)).isPresent();
    }
  }

  @Property
  void get_afterSet_givesTheValue(
      @ForAll("documents") JsonObject document,
      @ForAll("values") JsonNode value,
      @ForAll long seed) {
    List<JsonPointer> places = places(document);
    JsonPointer place = places.get(new Random(seed).nextInt(places.size()));
    String before = document.toString();
    if (place.isRoot()) {
      return; // a document is an object
    }

    JsonObject set = place.set(document, value);

    assertThatObject(place.get(set).orElseThrow())
        .usingComparator(JsonOrder.INSTANCE)
        .isEqualTo(JsonObject.copyOf(value));
    assertThat(JsonObject.parse(set.toString())).isEqualTo(set);
    isUnchanged(document, before);
  }

  /** Patches of operations at places that are there or nearly so: half of them fit. */
  private static ArrayNode patch(JsonObject document, JsonNode value, Random random) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    List<JsonPointer> places = places(document);
    for (int i = random.nextInt(4); i >= 0; i--) {
      ObjectNode operation = patch.addObject();
      String[] ops = {"add", "remove", "replace", "move", "copy", "test"};
      operation.put("op", ops[random.nextInt(6)]);
      operation.put("path", somewhere(places, random));
      operation.put("from", somewhere(places, random));
      operation.set("value", value);
    }
    return patch;
  }

  private static String somewhere(List<JsonPointer> places, Random random) {
    String place = places.get(random.nextInt(places.size())).toString();
    String[] ends = {"", "", "", "/-", "/0", "/a"};
    return place + ends[random.nextInt(ends.length)];
  }

  @Property(tries = 3_000)
  void apply_anyPatch_neverChangesItsInputAndMeansWhatASlowOneMeans(
      @ForAll("documents") JsonObject document,
      @ForAll("values") JsonNode value,
      @ForAll long seed) {
    ArrayNode json = patch(document, JsonObject.copyOf(value), new Random(seed));
    JsonPatch patch = JsonPatch.parse(json.toString());
    String before = document.toString();

    JsonNode expected = NaivePatch.apply(document.tree(), json);
    JsonNode actual;
    try {
      actual = patch.patched(document.sharedTree()).root();
    } catch (PatchFailedException e) {
      actual = null;
    }

    if (expected == null) {
      assertThat(actual).as("%s", json).isNull();
    } else {
      assertThatObject(actual)
          .as("%s", json)
          .usingComparator(JsonOrder.INSTANCE)
          .isEqualTo(expected);
    }
    isUnchanged(document, before);
    assertThat(patch).hasToString(JsonObject.copyOf(json).toString());
  }

  @Property
  void apply_mergePatchBetweenTwo_makesOneOfTheOther(
      @ForAll("documents") JsonObject from, @ForAll("documents") JsonObject to) {
    JsonObject target = withoutNulls(to);
    String before = from.toString();

    JsonObject patch = MergePatch.between(from, target);

    assertThat(MergePatch.apply(from, patch)).isEqualTo(target);
    assertThat(MergePatch.between(target, target)).hasToString("{}");
    isUnchanged(from, before);
  }

  @Property
  void apply_anyMergePatch_isIdempotentAndNeverChangesItsInput(
      @ForAll("documents") JsonObject document, @ForAll("documents") JsonObject patch) {
    String before = document.toString();
    String patchBefore = patch.toString();

    JsonObject once = MergePatch.apply(document, patch);

    assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
    isUnchanged(document, before);
    isUnchanged(patch, patchBefore);
  }

  /** Members that are null, no merge patch can set. */
  private static JsonObject withoutNulls(JsonObject document) {
    ObjectNode tree = document.tree();
    removeNulls(tree);
    return JsonObject.of(tree);
  }

  private static void removeNulls(ObjectNode object) {
    for (Iterator<JsonNode> members = object.elements(); members.hasNext(); ) {
      JsonNode member = members.next();
      if (member.isNull()) {
        members.remove();
      } else if (member instanceof ObjectNode inner) {
        removeNulls(inner);
      }
    }
  }

  @Property
  void parse_garbage_isAPointerOrRefused(@ForAll String text) {
    try {
      assertThat(JsonPointer.parse(text)).hasToString(text);
    } catch (InvalidPointerException e) {
      assertThat(e).hasMessageContaining("pointer");
    }
  }

  @Property(tries = 3_000)
  void parse_garbage_isAPatchOrRefused(@ForAll("nearlyPatches") String text) {
    try {
      JsonPatch.parse(text).apply(JsonObject.parse("{\"a\":[1,{\"b\":2}]}"));
    } catch (InvalidJsonException | InvalidPatchException | PatchFailedException e) {
      assertThat(e).isInstanceOf(StaveException.class);
    }
  }

  @Provide
  Arbitrary<String> nearlyPatches() {
    return Arbitraries.of(
            "[",
            "]",
            "{",
            "}",
            ",",
            "{\"op\":\"add\"",
            ",\"path\":\"/a\"",
            ",\"value\":1}",
            "\"",
            "{\"op\":\"copy\",\"from\":\"/a/1\",\"path\":\"/a/-\"}",
            "~",
            "/",
            "null",
            "\ud800")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }
}
