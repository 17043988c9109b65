package dev.stave.server.http;

import dev.stave.server.wire.OutgoingDocument;
import dev.stave.watch.Watch;
import dev.stave.watch.WatchEvent;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/** One live query after its snapshot, on the way to one client. */
final class WatchStream {

  /*
   * A stream holds no thread. It takes turns on workers, one at a time: each sends what there is
   * without waiting, and leaves word for the next turn to come when there is more to do: when the
   * socket has room again, or else at an event, the next heartbeat, or the end of it all. What the
   * socket has no room for stays in the watch, which bounds it.
   */

  private static final Logger LOG = LoggerFactory.getLogger(WatchStream.class);

  private final Request request;
  private final EventChannel events;
  private final Watch watch;
  private final long heartbeatMillis;

  /** Whether the next turn waits for somebody to call it; who sets it to false does. */
  private final AtomicBoolean waiting = new AtomicBoolean();

  private volatile boolean stopping;

  // Below: of one turn after the other
  private XnioExecutor.@Nullable Key heartbeat;
  private boolean heartbeatDue;
  private boolean over;

  WatchStream(Request request, EventChannel events, Watch watch, long heartbeatMillis) {
    this.request = request;
    this.events = events;
    this.watch = watch;
    this.heartbeatMillis = heartbeatMillis;
  }

  void turn() {
    if (request.exchange().isComplete()) {
      return;
    }
    try {
      if (events.isSent()) {
        addMore();
      }
      if (!events.send()) {
        events.whenRoom(this::callTurn);
      } else if (over) {
        events.end();
      } else {
        await();
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("a watch has lost its client", e);
      IoUtils.safeClose(request.exchange().getConnection());
      request.exchange().endExchange();
    }
  }

  private void addMore() {
    if (heartbeatDue) {
      events.addHeartbeat();
      heartbeatDue = false;
    }
    try {
      if (stopping) {
        throw new HttpException(
            503, "service_unavailable", "the server is stopping: connect again later");
      }
      Optional<WatchEvent> next = watch.poll();
      while (next.isPresent()) {
        add(next.get());
        next = events.isFull() ? Optional.empty() : watch.poll();
      }
    } catch (RuntimeException e) {
      addError(e);
      over = true;
    }
  }

  private void add(WatchEvent event) {
    if (event instanceof WatchEvent.Added added) {
      events.add("add", event.sequence(), OutgoingDocument.text(added.document()));
    } else if (event instanceof WatchEvent.Changed changed) {
      events.add("change", event.sequence(), OutgoingDocument.text(changed.document()));
    } else if (event instanceof WatchEvent.Removed removed) {
      events.add(
          "remove", event.sequence(), JsonReply.object().put("_id", removed.id()).toString());
    }
  }

  private void addError(RuntimeException why) {
    HttpException error = Failures.of(why);
    if (error.status() == 500 && !request.exchange().isComplete()) { // else it is closed with it
      LOG.error("a watch is over: {}", request.exchange().getRequestURI(), why);
    }
    events.add("error", JsonReply.error(error.error(), error.reason()).toString());
  }

  private void await() {
    heartbeat = request.after(heartbeatMillis, this::beat);
    waiting.set(true);
    watch.whenReady(this::wake);
    if (stopping) {
      wake();
    }
  }

  private void beat() {
    if (waiting.compareAndSet(true, false)) {
      heartbeatDue = true;
      callTurn();
    }
  }

  private void wake() {
    if (waiting.compareAndSet(true, false)) {
      if (heartbeat != null) {
        heartbeat.remove();
      }
      callTurn();
    }
  }

  private void callTurn() {
    try {
      request.exchange().getConnection().getWorker().execute(this::turn);
    } catch (RejectedExecutionException e) {
      LOG.debug("the server has stopped, and its connections are closed", e);
    }
  }

  /** Ends it, with an event that says that the server stops. Any thread may call this. */
  void end() {
    stopping = true;
    wake();
  }
}
