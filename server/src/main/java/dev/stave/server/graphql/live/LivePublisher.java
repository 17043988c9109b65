package dev.stave.server.graphql.live;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Events that are taken from where they come from when they are asked for, and not before. Each
 * subscriber has a source of its own, which is closed when it cancels, or at the end.
 *
 * @param opening opens a source
 * @param executor goes on when there is something new: who tells of that must not be held up
 */
public record LivePublisher<T>(Supplier<Source<T>> opening, Executor executor)
    implements Publisher<T> {

  /** Where events come from. */
  public interface Source<T> extends AutoCloseable {

    /**
     * The next one; null if there is none now.
     *
     * @throws RuntimeException why there will be no more
     */
    @Nullable T poll();

    /** Has {@code task} called once, as soon as {@link #poll} may have something; on any thread. */
    void whenReady(Runnable task);

    @Override
    void close();
  }

  @Override
  public void subscribe(Subscriber<? super T> subscriber) {
    Source<T> source = opening.get();
    subscriber.onSubscribe(new Following<>(source, subscriber, executor));
  }

  /** One subscriber and its source. */
  private static final class Following<T> implements Subscription {
    private final Source<T> source;
    private final Subscriber<? super T> subscriber;
    private final Executor executor;
    private final AtomicLong wanted = new AtomicLong();
    private final AtomicInteger turns = new AtomicInteger(); // above 0: one thread is at it
    private volatile boolean over;

    Following(Source<T> source, Subscriber<? super T> subscriber, Executor executor) {
      this.source = source;
      this.subscriber = subscriber;
      this.executor = executor;
    }

    @Override
    public void request(long count) {
      if (count <= 0) {
        end(new IllegalArgumentException("at least one is asked for, not " + count));
        return;
      }
      wanted.updateAndGet(now -> now + count < 0 ? Long.MAX_VALUE : now + count);
      turn();
    }

    /** A thread that comes while another is at it has that one look again. */
    private void turn() {
      if (turns.getAndIncrement() > 0) {
        return;
      }
      int missed = 1;
      do {
        goOn();
        missed = turns.addAndGet(-missed);
      } while (missed > 0);
    }

    private void goOn() {
      while (!over && wanted.get() > 0) {
        try {
          T next = source.poll();
          if (next == null) {
            source.whenReady(() -> executor.execute(this::turn));
            return;
          }
          if (!over) {
            wanted.decrementAndGet();
            subscriber.onNext(next);
          }
        } catch (RuntimeException | StackOverflowError e) {
          end(e);
          return;
        }
      }
    }

    private void end(Throwable why) {
      if (!over) {
        cancel();
        subscriber.onError(why);
      }
    }

    @Override
    public void cancel() {
      over = true;
      source.close();
    }
  }
}
