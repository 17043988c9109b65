package dev.stave.index;

import java.util.Arrays;

/**
 * Versions in the order in which they were found, that of values: to put them into a set one by one
 * would move half of it each time. For one thread.
 */
final class FoundVersions {

  /** So few are added one by one. */
  private static final int FEW = 64;

  private VersionSet set = new VersionSet();
  private long[] versions = new long[16];
  private int count;

  void add(long version) {
    if (count == versions.length) {
      versions = Arrays.copyOf(versions, 2 * count);
    }
    versions[count++] = version;
  }

  void addAll(VersionSet others) {
    set.or(others);
  }

  /** All of them, in a set that is the caller's; there are none here then. */
  VersionSet take() {
    VersionSet all = set;
    if (count > FEW) {
      all.addAll(versions, count);
    } else {
      for (int i = 0; i < count; i++) {
        all.add(versions[i]);
      }
    }
    set = new VersionSet();
    count = 0;
    return all;
  }
}
