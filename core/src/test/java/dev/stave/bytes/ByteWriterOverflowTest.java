package dev.stave.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Past 2 GiB the size overflowed: no room was made, and the size became negative. */
class ByteWriterOverflowTest {

  @Test
  void skip_pastTwoGigabytes_isRefusedAndNothingIsWritten() {
    ByteWriter out = new ByteWriter().u32(7);

    assertThatThrownBy(() -> out.skip(Integer.MAX_VALUE)).isInstanceOf(ArithmeticException.class);

    assertThat(out.toBytes()).containsExactly(0, 0, 0, 7);
  }
}
