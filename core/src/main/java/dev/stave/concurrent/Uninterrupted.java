package dev.stave.concurrent;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits and calls that an interrupt does not end: what is waited for goes on anyway, and a call
 * that was broken off half way is made again. The thread is interrupted afterwards.
 */
public final class Uninterrupted {

  private Uninterrupted() {}

  /** A call on files by a channel of its own, which an interrupt would close. */
  public interface Call<T> {
    T go() throws IOException;
  }

  public static <T> T call(Call<T> call) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return call.go();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Something to wait for. */
  public interface Wait {
    /** Returns whether it is over. */
    boolean go() throws InterruptedException;
  }

  /** Why {@code task} failed, or null if it did not. */
  public static @Nullable Throwable failureOf(Future<?> task) {
    Throwable[] failure = new Throwable[1];
    await(
        () -> {
          try {
            task.get();
          } catch (ExecutionException e) {
            failure[0] = e.getCause();
          }
          return true;
        });
    return failure[0];
  }

  /** Lets what has begun end, and begins nothing new. */
  public static void shutDown(ExecutorService executor) {
    executor.shutdown();
    await(() -> executor.awaitTermination(1, TimeUnit.SECONDS));
  }

  /** Waits until it is over. */
  public static void await(Wait wait) {
    boolean interrupted = false;
    boolean over = false;
    while (!over) {
      try {
        over = wait.go();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
