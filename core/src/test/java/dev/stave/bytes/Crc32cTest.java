package dev.stave.bytes;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The vectors are those of RFC 3720, appendix B.4. */
class Crc32cTest {

  private static int of(byte[] bytes) {
    return Crc32c.of(bytes, 0, bytes.length);
  }

  @Test
  void of_knownVectors_isTheKnownChecksum() {
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    byte[] ascending = new byte[32];
    byte[] descending = new byte[32];
    for (int i = 0; i < 32; i++) {
      ascending[i] = (byte) i;
      descending[i] = (byte) (31 - i);
    }

    assertThat(of(new byte[0])).isZero();
    assertThat(of("123456789".getBytes(US_ASCII))).isEqualTo(0xe3069283);
    assertThat(of(new byte[32])).isEqualTo(0x8a9136aa);
    assertThat(of(ones)).isEqualTo(0x62a8ab43);
    assertThat(of(ascending)).isEqualTo(0x46dd794e);
    assertThat(of(descending)).isEqualTo(0x113fdb5c);
  }

  @Test
  void of_anyPartOfAnyBytes_isAsJavaComputesIt() {
    Random random = new Random(1);
    for (int length = 0; length < 300; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      int from = random.nextInt(length + 1);
      int part = random.nextInt(length - from + 1);
      CRC32C java = new CRC32C();
      java.update(bytes, from, part);

      assertThat(Crc32c.of(bytes, from, part)).isEqualTo((int) java.getValue());
    }
  }

  /** What runs on Android before 14. */
  @Test
  void byTables_anyBytes_isAsJavaComputesIt() {
    Random random = new Random(2);
    Crc32c.ByTables tables = new Crc32c.ByTables();
    for (int length = 0; length < 300; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      int cut = random.nextInt(length + 1);
      tables.reset();
      tables.update(bytes, 0, cut);
      tables.update(bytes, cut, length - cut);

      assertThat((int) tables.getValue()).isEqualTo(of(bytes));
    }
  }
}
