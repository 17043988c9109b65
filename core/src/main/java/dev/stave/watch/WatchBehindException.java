package dev.stave.watch;

import dev.stave.StaveException;

/**
 * Events came faster than they were taken, and were given up: the stream has a gap now, and is
 * over. Watch again, from a new snapshot.
 */
public final class WatchBehindException extends StaveException {

  private static final long serialVersionUID = 1L;

  WatchBehindException(int events, long bytes) {
    super(
        "the watch fell behind and is over: watch again, and take events sooner",
        "maxEvents",
        events,
        "maxBytes",
        bytes);
  }
}
