package dev.stave.server.exchange;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/** A reply that goes on as long as there may be more to tell. */
public abstract class LiveStream {

  /*
   * A stream holds no thread. It takes turns on workers, one at a time: each sends what there is
   * without waiting, and leaves word for the next turn to come when there is more to do: when the
   * socket has room again, or else when there is more to tell, some time has passed, or at the end
   * of it all. What the socket has no room for stays where it comes from, which bounds it.
   */

  private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

  private final Request request;
  private final StreamChannel channel;

  private static final long NOBODY = 0;

  /** The turn that waits for somebody to call the next; who sets it to {@link #NOBODY} does. */
  private final AtomicLong waiting = new AtomicLong(NOBODY);

  private volatile boolean stopping;

  // Below: of one turn after the other
  private XnioExecutor.@Nullable Key timer;
  private long turns;
  private boolean timeIsUp;
  private boolean over;

  public LiveStream(Request request, StreamChannel channel) {
    this.request = request;
    this.channel = channel;
  }

  /** How long to wait for more, in milliseconds, before {@link #addMore} is asked all the same. */
  protected abstract long waitMillis();

  /**
   * Adds what there is to tell, until the channel is full. Returns whether that was the end of it.
   *
   * @param timeIsUp whether {@link #waitMillis} have passed and nothing was told
   * @throws RuntimeException what {@link #addFailure} is to tell
   */
  protected abstract boolean addMore(StreamChannel channel, boolean timeIsUp);

  /** Adds why this is the end. */
  protected abstract void addFailure(StreamChannel channel, HttpException why);

  /** Has {@code task} called once there may be more, on any thread; perhaps at once. */
  protected abstract void whenReady(Runnable task);

  /** Takes the first turn. */
  final void begin() {
    turn();
  }

  private void turn() {
    if (request.exchange().isComplete()) {
      return;
    }
    try {
      if (channel.isSent()) {
        addMore();
      }
      if (!channel.send()) {
        channel.whenRoom(this::callTurn);
      } else if (over) {
        channel.end();
      } else {
        await();
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("a stream has lost its client", e);
      IoUtils.safeClose(request.exchange().getConnection());
      request.exchange().endExchange();
    }
  }

  private void addMore() {
    boolean late = timeIsUp;
    timeIsUp = false;
    try {
      if (stopping) {
        throw new HttpException(
            503, "service_unavailable", "the server is stopping: connect again later");
      }
      over = addMore(channel, late);
    } catch (RuntimeException e) {
      HttpException why = Failures.of(e);
      if (why.status() == 500 && !request.exchange().isComplete()) { // else it is closed with it
        LOG.error("a stream is over: {}", request.exchange().getRequestURI(), e);
      }
      addFailure(channel, why);
      over = true;
    }
  }

  private void await() {
    long turn = ++turns;
    long millis = waitMillis();
    waiting.set(turn); // from here on the next turn may have begun, on another thread
    whenReady(this::wake);
    timer = request.after(millis, () -> timeIsUp(turn));
    if (stopping) {
      wake();
    }
  }

  private void timeIsUp(long turn) {
    if (waiting.compareAndSet(turn, NOBODY)) {
      timeIsUp = true;
      callTurn();
    }
  }

  private void wake() {
    if (waiting.getAndSet(NOBODY) != NOBODY) {
      if (timer != null) {
        timer.remove();
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

  /** Has it look whether there is something to tell. Any thread may call this. */
  final void look() {
    wake();
  }

  /** Ends it, and says that the server stops. Any thread may call this. */
  final void end() {
    stopping = true;
    wake();
  }
}
