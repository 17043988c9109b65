package dev.stave.server.exchange;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** All streams that are open, of which there are not too many. */
public final class LiveStreams {

  private final int limit;
  private final Semaphore free;
  private final Set<LiveStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** Lets {@code limit} be open at once. */
  public LiveStreams(int limit) {
    this.limit = limit;
    this.free = new Semaphore(limit);
  }

  /** Takes a place for {@code request} until it is over. */
  public void enter(Request request) {
    request.whenOver(enter());
  }

  /** Takes a place, until what is returned is run, for the first time. */
  public Runnable enter() {
    if (!free.tryAcquire()) {
      throw new HttpException(
          503, "service_unavailable", limit + " feeds are open: close some, or try again later");
    }
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (!left.getAndSet(true)) {
        free.release();
      }
    };
  }

  /** Has {@code stream} answer {@code request}, which has entered. */
  public void begin(Request request, LiveStream stream) {
    open.add(stream);
    request.whenOver(() -> open.remove(stream));
    if (ended) {
      stream.end();
    }
    request.park(stream::begin);
  }

  /** Has all of them look whether there is something to tell. */
  public void look() {
    open.forEach(LiveStream::look);
  }

  /** Ends all, and those that come later, with a word that says why. */
  public void end() {
    ended = true;
    open.forEach(LiveStream::end);
  }
}
