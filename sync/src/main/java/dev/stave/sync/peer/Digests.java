package dev.stave.sync.peer;

import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Digests of a peer that has no word for them, taken from all its changes; flat in memory. */
final class Digests {

  /** The order of ids: of their code points. */
  static final Comparator<String> ORDER = Digests::compare;

  private static final int PAGE = 1_000;

  private Digests() {}

  private static int compare(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char first = one.charAt(i);
      char second = other.charAt(i);
      if (first != second) {
        boolean isBeyond = Character.isSurrogate(first);
        return isBeyond == Character.isSurrogate(second)
            ? Character.compare(first, second)
            : Boolean.compare(isBeyond, !isBeyond);
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  private interface Visitor {
    void visit(String id, List<RevisionId> leaves);
  }

  private static void forEach(
      Peer peer, String from, @Nullable String to, Scope scope, Visitor visitor) {
    String since = Peer.BEGINNING;
    boolean hasMore = true;
    while (hasMore) {
      ChangesPage page = peer.changes(since, PAGE, scope);
      for (PeerChange change : page.changes()) {
        boolean isIn =
            ORDER.compare(from, change.id()) <= 0
                && (to == null || ORDER.compare(change.id(), to) < 0);
        if (isIn) {
          visitor.visit(change.id(), change.leaves());
        }
      }
      since = page.lastSequence();
      hasMore = page.hasMore();
    }
  }

  static List<Digest> digests(Peer peer, List<String> bounds, @Nullable String to, Scope scope) {
    List<Digest> sums = new ArrayList<>(Collections.nCopies(bounds.size(), Digest.NONE));
    forEach(
        peer,
        bounds.get(0),
        to,
        scope,
        (id, leaves) -> {
          int found = Collections.binarySearch(bounds, id, ORDER);
          int part = found >= 0 ? found : -found - 2;
          sums.set(part, sums.get(part).plus(id, leaves));
        });
    return sums;
  }

  static SortedMap<String, List<RevisionId>> leaves(
      Peer peer, String from, @Nullable String to, int limit, Scope scope) {
    TreeMap<String, List<RevisionId>> first = new TreeMap<>(ORDER);
    forEach(
        peer,
        from,
        to,
        scope,
        (id, leaves) -> {
          first.put(id, leaves);
          if (first.size() > limit) {
            first.pollLastEntry();
          }
        });
    return first;
  }
}
