package dev.stave.sync;

import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.Digest;
import dev.stave.sync.peer.DigestPart;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A tree of digests, asked for level by level: only where they differ it goes on. */
final class DigestComparison {

  /** The leaves of so many documents are looked at. */
  private static final int FEW = 64;

  /** What differs is asked for in so many parts. */
  private static final int PARTS = 64;

  private static final int ATTEMPTS = 3;

  private final Peer one;
  private final Peer other;
  private final Scope scope;
  private final int few;

  DigestComparison(Peer one, Peer other, Scope scope) {
    this(one, other, scope, FEW);
  }

  /** For tests, that want many levels out of few documents; 1 at least. */
  DigestComparison(Peer one, Peer other, Scope scope, int few) {
    this.one = one;
    this.other = other;
    this.scope = scope;
    this.few = few;
  }

  Comparison run() {
    for (int i = 0; i < ATTEMPTS; i++) {
      Optional<Comparison> found = look();
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new PeerException(
        PeerException.Kind.BUSY, null, "the peers change faster than they can be compared");
  }

  /** Both sides' digests of the same parts. */
  private static final class Level {
    final List<String> bounds = new ArrayList<>();
    final List<Digest> ofOne = new ArrayList<>();
    final List<Digest> ofOther = new ArrayList<>();

    int firstDifference() {
      for (int i = 0; i < bounds.size(); i++) {
        if (!ofOne.get(i).equals(ofOther.get(i))) {
          return i;
        }
      }
      return -1;
    }
  }

  /** Empty if what differed at first does not any more. */
  private Optional<Comparison> look() {
    String from = "";
    String to = null;
    long size = 0;
    while (true) {
      Level level = level(from, to, size);
      int part = level.firstDifference();
      if (part < 0) {
        long all = level.ofOne.stream().mapToLong(Digest::documents).sum();
        return size == 0 ? Optional.of(new Comparison.Same(all)) : Optional.empty();
      }
      from = level.bounds.get(part);
      to = part + 1 < level.bounds.size() ? level.bounds.get(part + 1) : to;
      long here = level.ofOne.get(part).documents();
      long there = level.ofOther.get(part).documents();
      if (Math.min(here, there) <= few) {
        return first(from, to, (int) Math.min(here, there) + 1);
      }
      size = Math.max(here, there) / PARTS + 1;
    }
  }

  private Level level(String from, @Nullable String to, long size) {
    Level level = new Level();
    Optional<List<DigestPart>> parts = one.split(from, to, size, scope);
    boolean isOne = parts.isPresent();
    if (!isOne) {
      parts = other.split(from, to, size, scope);
    }
    if (!parts.isPresent()) {
      throw new PeerException(
          PeerException.Kind.REQUEST_REFUSED,
          null,
          "neither of the two can be asked for digests: one has to be a Stave");
    }
    for (DigestPart part : parts.get()) {
      level.bounds.add(part.from());
      (isOne ? level.ofOne : level.ofOther).add(part.digest());
    }
    (isOne ? level.ofOther : level.ofOne)
        .addAll((isOne ? other : one).digests(level.bounds, to, scope));
    return level;
  }

  /** Among so many of either there is one, since one of them has fewer. */
  private Optional<Comparison> first(String from, @Nullable String to, int limit) {
    SortedMap<String, List<RevisionId>> mine = one.leaves(from, to, limit, scope);
    SortedMap<String, List<RevisionId>> theirs = other.leaves(from, to, limit, scope);
    SortedMap<String, List<RevisionId>> all = new TreeMap<>(mine.comparator());
    all.putAll(mine);
    all.putAll(theirs);
    for (String id : all.keySet()) {
      List<RevisionId> here = mine.getOrDefault(id, List.of());
      List<RevisionId> there = theirs.getOrDefault(id, List.of());
      if (!new HashSet<>(here).equals(new HashSet<>(there))) {
        return Optional.of(new Comparison.Different(id, sorted(here), sorted(there)));
      }
    }
    return Optional.empty();
  }

  private static List<RevisionId> sorted(List<RevisionId> leaves) {
    return leaves.stream()
        .sorted(Comparator.comparing(RevisionId::toString))
        .collect(Collectors.toList());
  }
}
