package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TempoTest {

  private long millis = 1_000_000;
  private final Tempo tempo = new Tempo(() -> millis);

  private void pass(long seconds, long countOfEach) {
    for (long i = 0; i < seconds; i++) {
      tempo.add(countOfEach);
      millis += 1_000;
    }
    millis -= 1_000; // the last second is not over
  }

  @Test
  void perSecond_isOfTheLastTenSeconds() {
    assertThat(tempo.perSecond()).isZero();
    pass(3, 60);
    assertThat(tempo.perSecond()).isEqualTo(60);
    millis += 1_000;
    pass(20, 7);
    assertThat(tempo.perSecond()).isEqualTo(7);
    millis += 5_000;
    assertThat(tempo.perSecond()).isEqualTo(3.5);
    millis += 60_000;
    assertThat(tempo.perSecond()).isZero();
  }

  @Test
  void clockSetBack_beginsAnew() {
    pass(10, 100);
    millis -= 3_600_000;
    tempo.add(5);
    assertThat(tempo.perSecond()).isEqualTo(5);
  }
}
