package dev.stave.spec.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * Time and threads of a simulation. Of all threads one runs at a time, until it sleeps or ends;
 * which is next, of those that could be at the same moment, is drawn. So a seed tells all.
 */
final class Scheduler {

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "simulated");
            thread.setDaemon(true);
            return thread;
          });

  private static final ThreadLocal<Task> CURRENT = new ThreadLocal<>();

  private record Event(long at, long drawn, long number, Runnable work) {}

  /** For as long as a machine is switched on. */
  static final class Life {
    private boolean over;

    boolean isOver() {
      return over;
    }

    void end() {
      over = true;
    }
  }

  /** The machine was switched off while a thread of it slept. */
  static final class SwitchedOff extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Task {
    final Semaphore turn = new Semaphore(0);
    final Life life;

    Task(Life life) {
      this.life = life;
    }
  }

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::at)
              .thenComparingLong(Event::drawn)
              .thenComparingLong(Event::number));
  private final Semaphore turn = new Semaphore(0);
  private final Random random;
  private long now;
  private long count;
  private Throwable thrown;

  Scheduler(Random random) {
    this.random = random;
  }

  /** Milliseconds since the beginning. */
  long now() {
    return now;
  }

  /** Runs {@code work}, which does not sleep, later. What is returned takes that back. */
  Runnable after(long millis, Runnable work) {
    Event event = new Event(now + millis, random.nextInt(), count++, work);
    events.add(event);
    return () -> events.remove(event);
  }

  /** Runs {@code work} on a thread of its own, unless the machine is switched off before. */
  void spawn(Life life, Runnable work) {
    Task task = new Task(life);
    after(
        random.nextInt(3),
        () -> {
          if (!life.isOver()) {
            THREADS.execute(() -> run(task, work));
            resume(task);
          }
        });
  }

  private void run(Task task, Runnable work) {
    task.turn.acquireUninterruptibly();
    CURRENT.set(task);
    try {
      work.run();
    } catch (SwitchedOff e) {
      // as it should
    } catch (Throwable e) {
      thrown = e;
    } finally {
      CURRENT.remove();
      turn.release();
    }
  }

  private void resume(Task task) {
    task.turn.release();
    turn.acquireUninterruptibly();
  }

  /** Lets others run for so long. For threads of {@link #spawn} only. */
  void sleep(long millis) {
    Task task = CURRENT.get();
    if (task == null) {
      throw new IllegalStateException("only a simulated thread can sleep");
    }
    after(millis, () -> resume(task));
    turn.release();
    task.turn.acquireUninterruptibly();
    if (task.life.isOver()) {
      throw new SwitchedOff();
    }
  }

  /** Lets so much time go by. */
  void pass(long millis) {
    long end = now + millis;
    while (!events.isEmpty() && events.peek().at() <= end) {
      Event next = events.poll();
      now = next.at();
      next.work().run();
      if (thrown != null) {
        throw new AssertionError("a simulated thread broke off", thrown);
      }
    }
    now = end;
  }

  /** Runs what is left, for threads of machines that are all switched off. */
  void drain() {
    while (!events.isEmpty()) {
      Event next = events.poll();
      now = next.at();
      next.work().run();
    }
  }
}
