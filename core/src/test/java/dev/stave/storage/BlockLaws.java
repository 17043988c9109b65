package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A block is a sorted map. */
class BlockLaws {

  /** Few different bytes, so that keys share much; also those that are negative. */
  private static byte[] key(Random random) {
    byte[] key = new byte[random.nextInt(7)];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(3) * 127);
    }
    return key;
  }

  @Property(tries = 1_000)
  void search_anyKey_isThatOfASortedMap(@ForAll long seed) {
    Random random = new Random(seed);
    TreeMap<byte[], byte[]> map = new TreeMap<>(Bytes::compare);
    for (int i = random.nextInt(80); i >= 0; i--) {
      map.put(key(random), new byte[] {(byte) i});
    }
    Block.Builder builder = new Block.Builder();
    map.forEach((key, value) -> builder.add(key, key.length, value, 0, value.length));
    byte[] bytes = builder.finish();
    Block block = new Block(bytes, 0, bytes.length);

    for (int i = 0; i < 100; i++) {
      byte[] sought = key(random);
      Map.Entry<byte[], byte[]> ceiling = map.ceilingEntry(sought);
      assertThat(block.get(sought)).isEqualTo(map.get(sought));
      assertThat(block.ceiling(sought)).isEqualTo(ceiling == null ? null : ceiling.getValue());
      assertThat(keysFrom(block, sought))
          .usingElementComparator(Bytes::compare)
          .containsExactlyElementsOf(map.tailMap(sought).keySet());
    }
  }

  private static List<byte[]> keysFrom(Block block, byte[] from) {
    List<byte[]> keys = new ArrayList<>();
    Block.Cursor cursor = block.from(from);
    while (cursor != null) {
      keys.add(cursor.key());
      cursor = cursor.next() ? cursor : null;
    }
    return keys;
  }
}
