package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Keys by their numbers are the keys, and compare as they do. */
class KeyArenaLaws {

  @Provide
  Arbitrary<List<byte[]>> keys() {
    return Arbitraries.of((byte) 0, (byte) 1, (byte) 0x7f, (byte) 0x80, (byte) 0xff)
        .array(byte[].class)
        .ofMinSize(0)
        .ofMaxSize(12)
        .list()
        .ofMinSize(2)
        .ofMaxSize(20);
  }

  @Property(tries = 500)
  void numbers_compareAsTheirKeys(@ForAll("keys") List<byte[]> keys) {
    KeyArena arena = new KeyArena();
    List<Long> numbers = new ArrayList<>();
    for (byte[] key : keys) {
      numbers.add(arena.add(key, key.length));
    }
    for (int i = 0; i < keys.size(); i++) {
      assertThat(arena.get(numbers.get(i))).isEqualTo(keys.get(i));
      for (int j = 0; j < keys.size(); j++) {
        int order = Integer.signum(Bytes.compare(keys.get(i), keys.get(j)));
        long left = arena.prefix(numbers.get(i));
        long right = arena.prefix(numbers.get(j));

        assertThat(Integer.signum(arena.compare(numbers.get(i), numbers.get(j)))).isEqualTo(order);
        assertThat(Integer.signum(arena.compare(numbers.get(i), keys.get(j)))).isEqualTo(order);
        assertThat(Long.compare(left, right)).isIn(order, left == right ? 0 : order);
        if (left == right && KeyArena.isWhole(left)) {
          assertThat(order).isZero();
        }
      }
    }
  }
}
