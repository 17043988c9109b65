package dev.stave.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProvenanceTest {

  @Test
  void new_longestTexts_areTaken() {
    String author = "é".repeat(Provenance.MAX_AUTHOR_BYTES / 2);
    String reason = "r".repeat(Provenance.MAX_REASON_BYTES);

    assertThat(new Provenance(author, null, reason).author()).isEqualTo(author);
  }

  @Test
  void new_textsThatMayNotBe_areRefused() {
    assertThatThrownBy(() -> new Provenance("é".repeat(128) + "x", null, null))
        .isInstanceOf(InvalidProvenanceException.class)
        .hasMessage("the author has 1 to 256 bytes of UTF-8: bytes=257");
    assertThatThrownBy(() -> new Provenance(null, null, "r".repeat(4_097)))
        .hasMessage("the reason has 1 to 4096 bytes of UTF-8: bytes=4097");
    assertThatThrownBy(() -> new Provenance("", null, null)).hasMessageContaining("bytes=0");
    assertThatThrownBy(() -> new Provenance(null, null, "\ud800"))
        .hasMessage("there is a lone surrogate: in=reason");
    assertThatThrownBy(() -> new Provenance(null, null, null))
        .hasMessageContaining("an author, a time or a reason");
  }

  @Test
  void and_anyTwoAccounts_doesNotCareForTheirOrder() {
    HybridTime early = new HybridTime(1);
    HybridTime late = new HybridTime(2);
    Provenance first = new Provenance("b", early, null);
    List<Provenance> later =
        List.of(
            new Provenance("c", early, null),
            new Provenance(null, early, "a"),
            new Provenance("a", late, null),
            new Provenance("a", null, null));

    for (Provenance other : later) {
      assertThat(first.and(other)).isEqualTo(first);
      assertThat(other.and(first)).isEqualTo(first);
    }
  }

  @Test
  void hybridTime_outsideItsRange_isRefusedOrHeld() {
    assertThatThrownBy(() -> new HybridTime(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(HybridTime.NONE.next(-5)).isEqualTo(new HybridTime(1));
    assertThat(HybridTime.NONE.next(Long.MAX_VALUE).millis()).isEqualTo((1L << 47) - 1);
    assertThat(new HybridTime((1_700_000_000_000L << 16) + 3))
        .hasToString("2023-11-14T22:13:20Z+3");
  }

  @Test
  void retention_bothSidesOfItsLimits() {
    assertThat(new Retention(2, 0).revisions()).isEqualTo(2);
    assertThat(new Retention(100_000, 100_000).bodies()).isEqualTo(100_000);
    assertThatThrownBy(() -> new Retention(1, 0))
        .hasMessage("revisions is between 2 and 100000, and not 1");
    assertThatThrownBy(() -> new Retention(100_001, 0)).hasMessageContaining("not 100001");
    assertThatThrownBy(() -> new Retention(2, -1))
        .hasMessage("bodies is between 0 and 100000, and not -1");
    assertThatThrownBy(() -> new Retention(2, 100_001)).hasMessageContaining("not 100001");
  }
}
