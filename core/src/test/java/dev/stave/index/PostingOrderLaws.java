package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.bytes.Bytes;
import dev.stave.json.JsonObject;
import dev.stave.policy.IndexPolicy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Postings come in the order of their keys, equal ones as they came, however many there are. */
class PostingOrderLaws {

  @Property(tries = 200)
  void order_anyValues_isThatOfTheirKeys(
      @ForAll Random random, @ForAll @IntRange(max = 400) int count) {
    PathDictionary dictionary = new PathDictionary();
    MemoryPart part = new MemoryPart(dictionary, IndexPolicy.NONE);
    String start = "x".repeat(random.nextInt(3) * 7 + random.nextInt(2));
    int kinds = 1 + random.nextInt(4);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonObject body =
          JsonObject.parse("{\"v\":" + value(random, random.nextInt(kinds), start) + "}");
      part.add(i + 1, "d" + i, body.sharedTree());
      keys.add(ValueKey.of(body.sharedTree().get("v")));
    }
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      expected.add(i);
    }
    expected.sort(Comparator.comparing(keys::get, Bytes::compare)); // stable

    int[] oldestFirst = part.postings(dictionary.child(PathDictionary.ROOT, "v"));
    PostingOrder order = new PostingOrder(part, oldestFirst);

    assertThat(oldestFirst).hasSize(count);
    for (int i = 0; i < count; i++) {
      byte[] key = keys.get(expected.get(i));
      assertThat(order.at(i)).isEqualTo(expected.get(i));
      assertThat(part.keys.get(order.address(i))).isEqualTo(key);
      assertThat(i > 0 && order.isSameKey(i))
          .isEqualTo(i > 0 && Bytes.compare(keys.get(expected.get(i - 1)), key) == 0);
    }
  }

  private static String value(Random random, int kind, String start) {
    String text = start + "abcdefghi".substring(random.nextInt(9)) + random.nextInt(30);
    return switch (kind) {
      case 0 -> JsonNodeFactory.instance.textNode(text).toString();
      case 1 -> "" + (random.nextInt(200) - 100);
      case 2 -> random.nextInt(1_000) / 8.0 + "e" + random.nextInt(20);
      default -> List.of("null", "true", "false", "[]", "{}", "\"\"").get(random.nextInt(6));
    };
  }
}
