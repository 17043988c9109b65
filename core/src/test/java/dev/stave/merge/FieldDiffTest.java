package dev.stave.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPatch;
import dev.stave.json.JsonPointer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Differences for people, and their choices. */
class FieldDiffTest {

  private static JsonNode json(String text) {
    return JsonObject.parseValue(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void between_eachKindOfChange_isAsTheSpecificationHasIt() {
    JsonNode base =
        json(
            "{'name':'oak','old':1,'tags':['a','b'],"
                + "'items':[{'id':1,'q':1},{'id':2,'q':1},{'id':3,'q':1}]}");
    JsonNode side =
        json(
            "{'name':'elm','new':2,'tags':['b','c'],"
                + "'items':[{'id':3,'q':5},{'id':1,'q':1},{'id':2,'q':1}]}");

    FieldDiff diff = FieldDiff.between(base, side);

    assertThat(diff.toJson().toString().replace('"', '\''))
        .isEqualTo(
            "[{'path':'/name','kind':'changed','before':'oak','after':'elm'},"
                + "{'path':'/old','kind':'removed','before':1},"
                + "{'path':'/tags/0','kind':'removed','before':'a'},"
                + "{'path':'/tags/1','kind':'added','after':'c'},"
                + "{'path':'/items/0','kind':'moved','from':'/items/2',"
                + "'before':{'id':3,'q':1},'after':{'id':3,'q':5}},"
                + "{'path':'/items/0/q','kind':'changed','before':1,'after':5},"
                + "{'path':'/new','kind':'added','after':2}]");
    assertThat(diff.patch().orElseThrow(AssertionError::new).toString().replace('"', '\''))
        .isEqualTo(
            "[{'op':'replace','path':'/name','value':'elm'},"
                + "{'op':'remove','path':'/old'},"
                + "{'op':'remove','path':'/tags/0'},"
                + "{'op':'add','path':'/tags/1','value':'c'},"
                + "{'op':'remove','path':'/items/2'},"
                + "{'op':'add','path':'/items/0','value':{'id':3,'q':5}},"
                + "{'op':'add','path':'/new','value':2}]");
  }

  @Test
  void between_aDocumentAndNone_isOneChangeAndNoPatch() {
    JsonNode none = MissingNode.getInstance();
    JsonNode document = json("{'a':1}");

    assertThat(FieldDiff.between(document, none).toJson())
        .hasToString("[{\"path\":\"\",\"kind\":\"removed\",\"before\":{\"a\":1}}]");
    assertThat(FieldDiff.between(none, document).toJson())
        .hasToString("[{\"path\":\"\",\"kind\":\"added\",\"after\":{\"a\":1}}]");
    assertThat(FieldDiff.between(none, document).patch()).isEmpty();
    assertThat(FieldDiff.between(none, none).changes()).isEmpty();
  }

  private static ObjectNode members(int count) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < count; i++) {
      object.put("m" + i, i);
    }
    return object;
  }

  @Test
  void patch_asManyOperationsAsAPatchMayHaveAndOneMore_isThoseOrReplacesTheWhole() {
    ObjectNode most = members(JsonPatch.MAX_OPERATIONS);
    ObjectNode more = members(JsonPatch.MAX_OPERATIONS + 1);
    JsonObject empty = JsonObject.parse("{}");

    JsonPatch one = FieldDiff.between(empty.tree(), most).patch().orElseThrow(AssertionError::new);
    JsonPatch two = FieldDiff.between(empty.tree(), more).patch().orElseThrow(AssertionError::new);

    assertThat(one.toString()).doesNotContain("replace");
    assertThat(one.apply(empty)).isEqualTo(JsonObject.of(most));
    assertThat(two.toString()).startsWith("[{\"op\":\"replace\",\"path\":\"\"");
    assertThat(two.apply(empty)).isEqualTo(JsonObject.of(more));
  }

  private static Side side(String text) {
    return new Side(json(text), null, null);
  }

  private static final JsonPointer LIST = JsonPointer.parse("/l");

  /** Moved to different places, with a clash and a deletion in the list. */
  private static MergeResult clashing() {
    return ThreeWayMerge.merge(
        json("{'l':[{'id':1},{'id':2,'a':1},{'id':3},{'id':4,'a':1},{'id':5}]}"),
        List.of(
            side("{'l':[{'id':3},{'id':1},{'id':2,'a':2},{'id':5}]}"),
            side("{'l':[{'id':1},{'id':2,'a':3},{'id':4,'a':2},{'id':5},{'id':3}]}")),
        MergePolicy.NONE);
  }

  @Test
  void resolve_orderOfAListAndClashesInIt_eachIsAsChosen() {
    MergeResult result = clashing();
    JsonPointer edited = JsonPointer.parse("/l/2/a");
    JsonPointer deleted = JsonPointer.parse("/l/3");
    assertThat(result.clashes()).extracting(Clash::path).containsExactly(LIST, edited, deleted);

    JsonNode one =
        result.resolve(
            Map.of(
                LIST, new Resolution.Take(1),
                edited, new Resolution.Put(new TextNode("x")),
                deleted, new Resolution.Take(0)));
    JsonNode two =
        result.resolve(
            Map.of(
                LIST, new Resolution.TakeBase(),
                edited, new Resolution.Put(MissingNode.getInstance()),
                deleted, new Resolution.Take(1)));

    assertThat(one).isEqualTo(json("{'l':[{'id':1},{'id':2,'a':'x'},{'id':5},{'id':3}]}"));
    assertThat(two).isEqualTo(json("{'l':[{'id':1},{'id':2},{'id':3},{'id':4,'a':2},{'id':5}]}"));
  }

  @Test
  void resolve_choicesThatAreMissingOrTooManyOrImpossible_isRefused() {
    MergeResult result =
        ThreeWayMerge.merge(
            json("{'a':1}"),
            List.of(Side.of(JsonObject.parse("{\"a\":2}")), Side.of(JsonObject.parse("{\"a\":3}"))),
            MergePolicy.NONE);
    JsonPointer a = JsonPointer.parse("/a");

    assertThatThrownBy(() -> result.resolve(Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/a");
    assertThatThrownBy(
            () ->
                result.resolve(
                    Map.of(a, new Resolution.TakeBase(), LIST, new Resolution.TakeBase())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/l");
    assertThatThrownBy(() -> result.resolve(Map.of(a, new Resolution.Take(2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no side 2");
    assertThatThrownBy(
            () ->
                clashing()
                    .resolve(
                        Map.of(
                            LIST,
                            new Resolution.Take(1),
                            JsonPointer.parse("/l/2/a"),
                            new Resolution.Take(1),
                            JsonPointer.parse("/l/3"),
                            new Resolution.Put(new TextNode("x")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/l");
  }
}
