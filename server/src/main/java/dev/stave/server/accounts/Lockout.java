package dev.stave.server.accounts;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts passwords that were wrong, so that they cannot be guessed: after {@value #FAILURES} of one
 * name none is looked at for {@value #SECONDS} seconds.
 */
final class Lockout {

  static final int FAILURES = 10;
  static final long SECONDS = 60;

  /** More names than this at once push the oldest out. */
  private static final int NAMES = 10_000;

  private record Failures(int count, long last) {}

  private final LongSupplier seconds;
  private final Map<String, Failures> failures = new LinkedHashMap<>();

  Lockout(LongSupplier seconds) {
    this.seconds = seconds;
  }

  /** Refuses {@code name} while it is locked out. */
  synchronized void require(String name) {
    Failures known = failures.get(name);
    if (known == null) {
      return;
    }
    if (seconds.getAsLong() - known.last() >= SECONDS) {
      failures.remove(name);
    } else if (known.count() >= FAILURES) {
      throw new LoginException(
          "too many wrong passwords for this name: try again in " + SECONDS + " seconds");
    }
  }

  synchronized void failed(String name) {
    Failures known = failures.remove(name);
    failures.put(name, new Failures(known == null ? 1 : known.count() + 1, seconds.getAsLong()));
    if (failures.size() > NAMES) {
      Iterator<String> oldest = failures.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  synchronized void succeeded(String name) {
    failures.remove(name);
  }
}
