package dev.stave.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePolicyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'rule': []}; /rule",
        "{'a/b': []}; /a~1b",
        "{'rules': {}}; /rules",
        "{'rules': [1]}; /rules/0",
        "{'rules': [{'path': 'a', 'strategy': 'max'}, {}]}; /rules/1/path",
        "{'rules': [{'path': 1, 'strategy': 'max'}]}; /rules/0/path",
        "{'rules': [{'path': 'a'}]}; /rules/0/strategy",
        "{'rules': [{'path': 'a', 'strategy': 'MAX'}]}; /rules/0/strategy",
        "{'rules': [{'path': 'a', 'strategy': 'list'}]}; /rules/0/key",
        "{'rules': [{'path': 'a', 'strategy': 'list', 'key': 1}]}; /rules/0/key",
        "{'rules': [{'path': 'a', 'strategy': 'function'}]}; /rules/0/name",
        "{'rules': [{'path': 'a', 'strategy': 'max', 'key': 'b'}]}; /rules/0/key",
        "{'rules': [{'path': 'a', 'strategy': 'list', 'key': 'b', 'c': 1}]}; /rules/0/c",
        "{'rules': [{'path': 'a.[]', 'strategy': 'max'}, {'path': 'a[]', 'strategy': 'min'}]}; /rules/1/path",
        "{'otherwise': 'max'}; /otherwise",
        "{'otherwise': 'later'}; /otherwise",
        "{'otherwise': null}; /otherwise"
      })
  void of_whatIsNoPolicy_isRefusedWithThePlace(String json, String place) {
    assertThatThrownBy(() -> MergePolicy.of(JsonObject.parse(json.replace('\'', '"'))))
        .isInstanceOf(InvalidMergePolicyException.class)
        .hasMessageEndingWith("path=" + place);
  }

  @Test
  void toJson_policyOfEveryKindOfRule_isAsTheSpecificationHasIt() {
    MergePolicy policy =
        MergePolicy.NONE
            .with("items", new Strategy.ListByKey("sku"))
            .with("items[].quantity", Strategy.Plain.COUNTER)
            .with("total", new Strategy.Function("total"))
            .otherwise(Strategy.Plain.PREFER_LIVE);

    assertThat(policy.toJson())
        .hasToString(
            "{\"rules\":[{\"path\":\"items\",\"strategy\":\"list\",\"key\":\"sku\"},"
                + "{\"path\":\"items[].quantity\",\"strategy\":\"counter\"},"
                + "{\"path\":\"total\",\"strategy\":\"function\",\"name\":\"total\"}],"
                + "\"otherwise\":\"prefer_live\"}");
    assertThat(MergePolicy.NONE.toJson()).hasToString("{\"rules\":[]}");
    assertThat(MergePolicy.of(JsonObject.parse("{}"))).isEqualTo(MergePolicy.NONE);
  }

  @Test
  void with_asManyRulesAsThereMayBe_isAPolicyAndOneMoreIsNot() {
    MergePolicy policy = MergePolicy.NONE;
    for (int i = 0; i < MergePolicy.MAX_RULES; i++) {
      policy = policy.with("a" + i, Strategy.Plain.MAX);
    }
    MergePolicy full = policy;

    assertThat(full.rules()).hasSize(1_000);
    assertThatThrownBy(() -> full.with("b", Strategy.Plain.MAX))
        .isInstanceOf(InvalidMergePolicyException.class)
        .hasMessageContaining("more than 1000 rules");
  }
}
