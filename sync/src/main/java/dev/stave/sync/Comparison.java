package dev.stave.sync;

import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.Digest;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.util.List;

/**
 * Whether two peers hold the same: of every document the same leaves, deleted ones, lost ones and
 * design documents included. Each looks at all it has, once; what is said of it is small. What is
 * written meanwhile, or is on its way, may show as a difference.
 *
 * <p>See {@link Digest} for what that proves. Local documents and how much is kept of histories are
 * each peer's own, and are not compared.
 */
public sealed interface Comparison {

  /** They do. */
  record Same(long documents) implements Comparison {}

  /**
   * They do not: this is the first document, in the order of ids, of which they have other leaves.
   *
   * @param one what the first peer has, in the order of the ids' text; empty if it has none
   * @param other what the second has
   */
  record Different(String document, List<RevisionId> one, List<RevisionId> other)
      implements Comparison {
    public Different {
      one = List.copyOf(one);
      other = List.copyOf(other);
    }
  }

  /**
   * Compares two peers. With a peer that is no Stave all its changes are read three times or four.
   *
   * @throws PeerException if one of them cannot be reached, or if neither is a Stave
   */
  static Comparison of(Peer one, Peer other, Scope scope) {
    one.identity(); // it tells what it knows of, first of all
    other.identity();
    return new DigestComparison(one, other, scope).run();
  }
}
