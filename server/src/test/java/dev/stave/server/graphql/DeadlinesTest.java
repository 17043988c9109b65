package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends requests that take too long. */
@Timeout(60)
class DeadlinesTest {

  private final Deadlines deadlines = new Deadlines(5);

  private void awaitRest() throws InterruptedException {
    while (deadlines.isAtWork()) {
      Thread.sleep(5);
    }
  }

  @Test
  void after_timeIsOver_runs() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(2);

    deadlines.after(1, ended::countDown);
    deadlines.after(100, ended::countDown); // a few ticks later

    ended.await();
  }

  @Test
  void after_takenBack_neverRuns() throws InterruptedException {
    CountDownLatch wrong = new CountDownLatch(1);
    deadlines.after(50, wrong::countDown).run();
    CountDownLatch later = new CountDownLatch(1);
    deadlines.after(200, later::countDown);

    later.await();

    assertThat(wrong.getCount()).isEqualTo(1);
  }

  @Test
  void tick_nothingWaits_ends_andBeginsWithTheNext() throws InterruptedException {
    assertThat(deadlines.isAtWork()).isFalse();
    for (int i = 0; i < 3; i++) {
      Runnable inTime = deadlines.after(60_000, () -> {});
      assertThat(deadlines.isAtWork()).isTrue();

      inTime.run();

      awaitRest();
    }
  }
}
