package dev.stave.concurrent;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/** Threads that submit, in every order of their steps that fits the bounds. */
class BatcherInterleavingsTest {

  /** A counter that only who leads touches: without the batcher it would be a race. */
  public static final class Counter {
    private final Batcher<int[]> batcher = new Batcher<>(this::countAll);
    private int count;

    private void countAll(Batcher.Source<int[]> waiting) {
      for (int[] item = waiting.next(); item != null; item = waiting.next()) {
        item[0] = ++count;
      }
    }

    @Operation
    public int count() {
      int[] item = new int[1];
      batcher.submit(item);
      return item[0];
    }
  }

  /** As above; each leader does its own item and leaves the others for the next. */
  public static final class OneByOne {
    private final Batcher<int[]> batcher = new Batcher<>(this::countOne);
    private int count;

    private void countOne(Batcher.Source<int[]> waiting) {
      int[] item = waiting.next();
      if (item != null) {
        item[0] = ++count;
      }
    }

    @Operation
    public int count() {
      int[] item = new int[1];
      batcher.submit(item);
      return item[0];
    }
  }

  private static ModelCheckingOptions bounds() {
    return new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(200)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(0)
        .actorsAfter(1);
  }

  @Test
  void submit_doneTogether_isAsOneAfterTheOther() {
    bounds().check(Counter.class);
  }

  @Test
  void submit_passedOnOneByOne_isAsOneAfterTheOther() {
    bounds().check(OneByOne.class);
  }
}
