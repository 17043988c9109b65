package dev.stave.server.graphql.transport;

import dev.stave.server.graphql.GraphQLReply;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * What a subscription has to tell to one client. The next result is made only when the one before
 * was taken: what a client is too slow for waits where it comes from. Any thread may call any
 * method.
 */
final class Results implements Subscriber<Map<String, @Nullable Object>>, AutoCloseable {

  /** One result, or the end. */
  sealed interface Next {
    record Result(Map<String, @Nullable Object> body) implements Next {}

    /** It is over: all is told, or it failed. */
    record End(@Nullable Throwable failure) implements Next {}
  }

  private final Queue<Next> ready = new ArrayDeque<>(1);
  private @Nullable Subscription source;
  private @Nullable Runnable waiting;
  private boolean closed;

  private Results() {}

  /** Begins to follow the events of {@code reply}; if it is none of a subscription, it is all. */
  static Results of(GraphQLReply reply) {
    Results results = new Results();
    if (reply.events() == null) {
      results.onNext(reply.body());
      results.onComplete();
    } else {
      reply.events().subscribe(results);
    }
    return results;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    synchronized (this) {
      source = subscription;
    }
    subscription.request(1);
  }

  @Override
  public void onNext(Map<String, @Nullable Object> body) {
    add(new Next.Result(body));
  }

  @Override
  public void onError(Throwable failure) {
    add(new Next.End(failure));
  }

  @Override
  public void onComplete() {
    add(new Next.End(null));
  }

  private void add(Next next) {
    Runnable task;
    synchronized (this) {
      ready.add(next);
      task = waiting;
      waiting = null;
    }
    if (task != null) {
      task.run();
    }
  }

  /** What is there to tell now; null if nothing is. After the end there is nothing more. */
  @Nullable Next poll() {
    Next next;
    Subscription more;
    synchronized (this) {
      next = ready.poll();
      more = next instanceof Next.Result && !closed ? source : null;
    }
    if (more != null) {
      more.request(1);
    }
    return next;
  }

  /** Has {@code task} called once, when there is something to tell; perhaps at once. */
  void whenReady(Runnable task) {
    synchronized (this) {
      if (ready.isEmpty()) {
        waiting = task;
        return;
      }
    }
    task.run();
  }

  @Override
  public void close() {
    Subscription ended;
    synchronized (this) {
      closed = true;
      waiting = null;
      ended = source;
    }
    if (ended != null) {
      ended.cancel();
    }
  }
}
