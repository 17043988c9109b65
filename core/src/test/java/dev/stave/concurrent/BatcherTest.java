package dev.stave.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Who submits comes back when its item is done, whatever becomes of the work of others.
 *
 * <p>An item is an array of one place, which counts how often it was done.
 */
@Timeout(60)
class BatcherTest {

  private static void doAll(Batcher.Source<int[]> waiting) {
    for (int[] item = waiting.next(); item != null; item = waiting.next()) {
      item[0]++;
    }
  }

  private static List<Thread> start(int count, Runnable work) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      threads.add(new Thread(work));
    }
    threads.forEach(Thread::start);
    return threads;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void submit_fromManyThreads_eachItemIsDoneOnceWhenItReturns() throws InterruptedException {
    AtomicInteger working = new AtomicInteger();
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    Batcher<int[]> batcher =
        new Batcher<>(
            waiting -> {
              if (working.incrementAndGet() != 1) {
                wrong.add("two at once");
              }
              doAll(waiting);
              working.decrementAndGet();
            });

    join(
        start(
            16,
            () -> {
              for (int i = 0; i < 2_000; i++) {
                int[] item = {0};
                batcher.submit(item);
                if (item[0] != 1) {
                  wrong.add("done " + item[0] + " times");
                }
              }
            }));

    assertThat(wrong).isEmpty();
  }

  @Test
  void submit_whileSomebodyWorks_isDoneTogetherAfterwards() throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    ConcurrentLinkedQueue<Integer> groups = new ConcurrentLinkedQueue<>();
    Batcher<int[]> batcher =
        new Batcher<>(
            waiting -> {
              int size = 0;
              if (groups.isEmpty()) {
                waiting.next();
                groups.add(1);
                begun.countDown();
                Uninterrupted.await(() -> goOn.await(1, TimeUnit.SECONDS));
                return;
              }
              while (waiting.next() != null) {
                size++;
              }
              groups.add(size);
            });
    List<Thread> first = start(1, () -> batcher.submit(new int[1]));
    begun.await();
    List<Thread> others = start(5, () -> batcher.submit(new int[1]));
    for (Thread other : others) {
      while (other.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    goOn.countDown();
    join(first);
    join(others);

    assertThat(groups).containsExactly(1, 5);
  }

  @Test
  void submit_workThatThrowsAndTakesNothing_letsTheOthersGoOn() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    AtomicInteger thrown = new AtomicInteger();
    Batcher<int[]> batcher =
        new Batcher<>(
            waiting -> {
              if (calls.incrementAndGet() % 3 == 0) {
                throw new IllegalStateException("as if");
              }
              doAll(waiting);
            });

    join(
        start(
            8,
            () -> {
              for (int i = 0; i < 500; i++) {
                try {
                  batcher.submit(new int[1]);
                } catch (IllegalStateException e) {
                  thrown.incrementAndGet();
                }
              }
            }));

    assertThat(thrown.get()).isEqualTo(calls.get() / 3);
    assertThatThrownBy(
            () ->
                new Batcher<int[]>(
                        waiting -> {
                          throw new IllegalStateException("as if");
                        })
                    .submit(new int[1]))
        .hasMessage("as if");
  }

  @Test
  void submit_onAnInterruptedThread_isDoneAndStaysInterrupted() {
    Batcher<int[]> batcher = new Batcher<>(BatcherTest::doAll);
    int[] item = {0};
    Thread.currentThread().interrupt();
    batcher.submit(item);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(item).containsExactly(1);
  }
}
