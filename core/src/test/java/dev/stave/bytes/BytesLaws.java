package dev.stave.bytes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** The order of bytes, and that what is written is read. */
class BytesLaws {

  @Property
  void compare_anyTwo_isAsJavaComparesUnsigned(
      @ForAll @Size(max = 6) byte[] left, @ForAll @Size(max = 6) byte[] right) {
    assertThat(Integer.signum(Bytes.compare(left, right)))
        .isEqualTo(Integer.signum(Arrays.compareUnsigned(left, right)));
  }

  @Property
  void afterPrefix_anyPrefix_liesBetweenWhatBeginsWithItAndTheRest(
      @ForAll @Size(min = 1, max = 4) byte[] prefix, @ForAll @Size(max = 6) byte[] other) {
    if (allOnes(prefix)) {
      assertThatThrownBy(() -> Bytes.afterPrefix(prefix))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    byte[] after = Bytes.afterPrefix(prefix);
    boolean begins =
        other.length >= prefix.length && Arrays.equals(prefix, Arrays.copyOf(other, prefix.length));

    assertThat(Bytes.compare(other, prefix) >= 0 && Bytes.compare(other, after) < 0)
        .isEqualTo(begins);
  }

  private static boolean allOnes(byte[] bytes) {
    for (byte b : bytes) {
      if (b != (byte) 0xff) {
        return false;
      }
    }
    return true;
  }

  @Property
  void reader_whatAWriterWrote_isReadBack(
      @ForAll int u32,
      @ForAll long u64,
      @ForAll long varint,
      @ForAll byte[] sized,
      @ForAll String any,
      @ForAll byte[] rest) {
    String text = new String(any.getBytes(UTF_8), UTF_8); // no lone surrogates
    byte[] written =
        new ByteWriter(1)
            .u8(u32)
            .u16(u32)
            .u32(u32)
            .u64(u64)
            .varint(varint)
            .sized(sized)
            .text(text)
            .raw(rest)
            .toBytes();
    ByteReader in = new ByteReader(written);

    assertThat(in.u8()).isEqualTo(u32 & 0xff);
    assertThat(in.u8() << 8 | in.u8()).isEqualTo(u32 & 0xffff);
    assertThat(in.u32()).isEqualTo(u32);
    assertThat(in.u64()).isEqualTo(u64);
    assertThat(in.varint()).isEqualTo(varint);
    assertThat(in.sized()).isEqualTo(sized);
    assertThat(in.text()).isEqualTo(text);
    assertThat(in.rest()).isEqualTo(rest);
    assertThat(in.atEnd()).isTrue();
  }

  @Property
  void reader_anyBytes_neverReadsOverTheEnd(@ForAll @Size(max = 12) byte[] bytes) {
    for (int what = 0; what < 5; what++) {
      ByteReader in = new ByteReader(bytes);
      try {
        for (int i = 0; i <= bytes.length; i++) {
          read(in, what);
        }
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("at");
      }
    }
  }

  private static void read(ByteReader in, int what) {
    switch (what) {
      case 0:
        in.u32();
        break;
      case 1:
        in.u64();
        break;
      case 2:
        in.varint();
        break;
      case 3:
        in.sized();
        break;
      default:
        in.text();
    }
  }

  @Example
  void varint_knownNumbers_areLeb128() {
    assertThat(new ByteWriter().varint(0).toBytes()).containsExactly(0);
    assertThat(new ByteWriter().varint(127).toBytes()).containsExactly(127);
    assertThat(new ByteWriter().varint(128).toBytes()).containsExactly(0x80, 1);
    assertThat(new ByteWriter().varint(-1).toBytes()).hasSize(10);
    assertThatThrownBy(
            () -> new ByteReader(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}).varint())
        .isInstanceOf(IllegalStateException.class);
  }

  @Example
  void writer_skipAndClear_keepCount() {
    ByteWriter out = new ByteWriter(2).u8(1);
    int at = out.skip(3);
    out.array()[at + 2] = 9;

    assertThat(out.toBytes()).containsExactly(1, 0, 0, 9);
    assertThat(out.size()).isEqualTo(4);
    out.clear();
    assertThat(out.u8(7).toBytes()).containsExactly(7);
  }
}
