package dev.stave.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PaceTest {

  private static final long A_DAY_OF_BYTES = 86_400;

  /** A thread that writes a day's worth at once, and waits. */
  private static Thread writing(Pace pace, AtomicReference<Throwable> thrown) {
    Thread thread =
        new Thread(
            () -> {
              try {
                pace.spend(A_DAY_OF_BYTES);
              } catch (Pace.Stopped e) {
                thrown.set(e);
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void hurry_whileSomebodyWaits_letsItGoOn() throws InterruptedException {
    Pace pace = new Pace(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = writing(pace, thrown);
    pace.hurry(true);
    thread.join();

    assertThat(thrown.get()).isNull();
    assertThat(pace.spent()).isEqualTo(A_DAY_OF_BYTES);
  }

  @Test
  void stop_whileSomebodyWaits_endsItsWorkAndAllThatFollows() throws InterruptedException {
    Pace pace = new Pace(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = writing(pace, thrown);
    pace.stop();
    thread.join();

    assertThat(thrown.get()).isInstanceOf(Pace.Stopped.class);
    assertThatThrownBy(() -> pace.spend(1)).isInstanceOf(Pace.Stopped.class);
  }

  @Test
  void spend_withoutABound_waitsForNothing() {
    Pace pace = new Pace(Long.MAX_VALUE);
    for (int i = 0; i < 1_000; i++) {
      pace.spend(Integer.MAX_VALUE);
    }

    assertThat(pace.spent()).isEqualTo(1_000L * Integer.MAX_VALUE);
  }
}
