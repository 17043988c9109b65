package dev.stave.server.graphql.transport;

import dev.stave.server.graphql.transport.Results.Next;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/**
 * What one client is to hear: answers to what it says, and what the operations that it follows have
 * to tell. One message goes out after the other, without a thread that waits. Any thread may call
 * any method.
 */
final class Outbox {

  /*
   * Answers come first, then each operation in turn. A result waits in its operation until it is
   * sent, which has no second one made: so a slow client costs one result an operation.
   */

  /** Nothing more is read of a client that does not read so many answers. */
  private static final int MAX_ANSWERS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final WebSocketChannel channel;
  private final Executor executor;
  private final Consumer<String> whenOver;
  private final Runnable whenRoom;
  private final Runnable whenFailed;
  private final Queue<String> answers = new ArrayDeque<>(1); // under this, and all below
  private final Map<String, Results> followed = new HashMap<>();
  private final Set<String> ready = new LinkedHashSet<>(); // those of them that have something
  private boolean sending;
  private boolean awaited; // since it had no room
  private boolean closed;

  /**
   * @param executor has threads on which results may be made
   * @param whenOver is told the id of each operation that has come to its end
   * @param whenRoom is run when there is room again, if there was none when it was asked
   * @param whenFailed is run when nothing more can be told
   */
  Outbox(
      WebSocketChannel channel,
      Executor executor,
      Consumer<String> whenOver,
      Runnable whenRoom,
      Runnable whenFailed) {
    this.channel = channel;
    this.executor = executor;
    this.whenOver = whenOver;
    this.whenRoom = whenRoom;
    this.whenFailed = whenFailed;
  }

  /** Whether more may be asked, as there are few answers that the client has not taken. */
  synchronized boolean hasRoom() {
    awaited = answers.size() >= MAX_ANSWERS;
    return !awaited;
  }

  /** An answer, which goes before all results. */
  void say(Map<String, ?> message) {
    synchronized (this) {
      answers.add(ReplyJson.text(message));
    }
    sendNext();
  }

  /** Tells all that {@code results} come to, as the operation {@code id}. */
  void follow(String id, Results results) {
    synchronized (this) {
      if (closed) {
        return;
      }
      followed.put(id, results);
    }
    awaitNext(id, results);
  }

  /** Tells nothing more of the operation. */
  synchronized void forget(String id) {
    followed.remove(id);
    ready.remove(id);
  }

  private void awaitNext(String id, Results results) {
    results.whenReady(
        () -> {
          synchronized (this) {
            if (followed.get(id) == results) {
              ready.add(id);
            }
          }
          executor.execute(this::sendNext); // this may be the thread that commits
        });
  }

  private void sendNext() {
    synchronized (this) {
      if (sending || closed) {
        return;
      }
      sending = true;
    }
    String text;
    try {
      text = next();
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("nothing more can be told to a client", e);
      whenFailed.run();
      return;
    }
    if (text != null) {
      WebSockets.sendText(text, channel, new Sent());
      return;
    }
    boolean again;
    synchronized (this) {
      sending = false;
      again = !answers.isEmpty() || !ready.isEmpty(); // since it was looked
    }
    if (again) {
      executor.execute(this::sendNext);
    }
  }

  /** Goes on when a message is out. */
  private final class Sent implements WebSocketCallback<Void> {
    @Override
    public void complete(WebSocketChannel same, Void nothing) {
      boolean hadNoRoom;
      synchronized (Outbox.this) {
        sending = false;
        hadNoRoom = awaited;
      }
      if (hadNoRoom) {
        whenRoom.run();
      }
      executor.execute(Outbox.this::sendNext);
    }

    @Override
    public void onError(WebSocketChannel same, Void nothing, Throwable failure) {
      LOG.debug("a connection is lost", failure);
      IoUtils.safeClose(channel);
    }
  }

  /** The next message; null if there is none now. Of one thread at a time. */
  private @Nullable String next() {
    while (true) {
      String id;
      Results results;
      synchronized (this) {
        String answer = answers.poll();
        if (answer != null) {
          return answer;
        }
        if (ready.isEmpty()) {
          return null;
        }
        id = ready.iterator().next();
        ready.remove(id);
        results = followed.get(id);
      }
      if (results != null) {
        Next next = results.poll();
        if (next != null) {
          return message(id, results, next);
        }
        awaitNext(id, results);
      }
    }
  }

  private String message(String id, Results results, Next next) {
    if (next instanceof Next.Result result) {
      awaitNext(id, results);
      return ReplyJson.text(Map.of("id", id, "type", "next", "payload", result.body()));
    }
    whenOver.accept(id);
    Throwable failure = ((Next.End) next).failure();
    return ReplyJson.text(
        failure == null
            ? Map.of("id", id, "type", "complete")
            : Map.of("id", id, "type", "error", "payload", ReplyJson.errors(failure)));
  }

  /** Sends nothing more. */
  synchronized void close() {
    closed = true;
    answers.clear();
    followed.clear();
    ready.clear();
  }
}
