package dev.stave.server.exchange;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the requests of each address that are under way. */
final class Visitors {

  private final ConcurrentHashMap<InetAddress, Integer> counts = new ConcurrentHashMap<>();
  private final int limit;

  /**
   * @param limit how many of one address there may be
   */
  Visitors(int limit) {
    this.limit = limit;
  }

  /** Counts one more; false, and not counted, if there are so many already. */
  boolean enter(InetAddress address) {
    boolean[] entered = new boolean[1];
    counts.compute(
        address,
        (same, before) -> {
          int count = before == null ? 0 : before;
          entered[0] = count < limit;
          return entered[0] ? Integer.valueOf(count + 1) : before;
        });
    return entered[0];
  }

  void leave(InetAddress address) {
    counts.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
  }
}
