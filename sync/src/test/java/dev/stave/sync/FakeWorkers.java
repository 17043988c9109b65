package dev.stave.sync;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** One thread, the test's own, a clock that it moves and chance from a seed. */
final class FakeWorkers implements Workers {

  private record Later(long at, long number, Runnable work) {}

  private final Random random;
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Later> later =
      new PriorityQueue<>(Comparator.comparingLong(Later::at).thenComparingLong(Later::number));
  private long now = 1_700_000_000_000L;
  private long count;

  FakeWorkers(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public void execute(Runnable work) {
    ready.add(work);
  }

  @Override
  public Timer after(long millis, Runnable work) {
    Later timer = new Later(now + millis, count++, work);
    later.add(timer);
    return () -> later.remove(timer);
  }

  @Override
  public long millis() {
    return now;
  }

  @Override
  public long random(long bound) {
    return Math.floorMod(random.nextLong(), bound);
  }

  /** Runs one of the steps that could run now, any of them. Returns whether there was one. */
  boolean step() {
    if (ready.isEmpty()) {
      return false;
    }
    ready.remove(random.nextInt(ready.size())).run();
    return true;
  }

  /** Runs all that can run now. */
  void runReady() {
    while (step()) {
      now += random.nextInt(50);
    }
  }

  /** Lets so much time go by. */
  void pass(long millis) {
    long end = now + millis;
    runReady();
    while (!later.isEmpty() && later.peek().at() <= end) {
      Later next = later.poll();
      now = Math.max(now, next.at());
      next.work().run();
      runReady();
    }
    now = Math.max(now, end);
  }

  /** Sets the clock, forth or back. */
  void moveClock(long millis) {
    now += millis;
  }

  /** When the next timer is due, in milliseconds from now; -1 if none is. */
  long nextTimer() {
    return later.isEmpty() ? -1 : later.peek().at() - now;
  }
}
