package dev.stave.database;

import dev.stave.revision.RevisionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was purged from a database, and what is to be: see {@link Database#purges}. Any thread may
 * call any method.
 *
 * <p>Purges are numbered, and the newest are written down, so that what somebody derives from the
 * documents can follow: {@link #since} names the documents to look at again.
 */
public final class Purges {

  /** So many purges are written down unless {@link #setLimit} says otherwise. */
  public static final int DEFAULT_LIMIT = 1_000;

  public static final int MAX_LIMIT = 1_000_000;

  private final Database database;

  Purges(Database database) {
    this.database = database;
  }

  /**
   * Removes leaves of documents, each with what of its ancestry no other leaf needs, as if they had
   * never been: bodies, attachments, who made them, conflicts and their merge requests. A document
   * without a leaf is gone, from the feed of changes too; of another one the feed tells, with the
   * winner that it has then.
   *
   * <p>All of it is one commit. Nothing is written for revisions that are not known or are no
   * leaves, so an edit that came in between is not lost. Peers do not learn of it: a revision that
   * one of them still has may come back by replication. Forks, backups and the files until they are
   * compacted have it, too.
   *
   * @param leaves by the ids of their documents
   * @return what went
   * @throws dev.stave.document.InvalidDocumentException if an id may not be a document's
   */
  public PurgeResult purge(Map<String, ? extends Collection<RevisionId>> leaves) {
    WriteBatch batch = new WriteBatch();
    leaves.forEach(batch::purge);
    Map<String, List<RevisionId>> purged = new LinkedHashMap<>();
    long last = batch.size() == 0 ? sequence() : 0;
    for (WriteResult result : database.write(batch)) {
      WriteResult.Purged each = (WriteResult.Purged) result;
      purged.put(each.id(), each.revisions());
      last = each.purgeSequence();
    }
    return new PurgeResult(last, purged);
  }

  /** The purge sequence of the newest purge, 0 if there was none. */
  public long sequence() {
    return state().last();
  }

  /**
   * The purges after the purge sequence {@code since}, oldest first, at most {@code limit}. A
   * document that is named may be there again: look at what it is now.
   *
   * @return empty if some of them are not written down any more: begin anew
   */
  public Optional<List<Purge>> since(long since, int limit) {
    try (View view = database.view()) {
      PurgeRows state = PurgeRows.read(view.rows());
      if (since + 1 < state.first() || since > state.last()) {
        return Optional.empty();
      }
      List<Purge> purges = new ArrayList<>();
      PurgeRows.forEach(view.rows(), since, purge -> purges.size() < limit && purges.add(purge));
      return Optional.of(purges);
    }
  }

  /** The newest purges, as many as are written down, oldest first. */
  public List<Purge> all() {
    try (View view = database.view()) {
      List<Purge> purges = new ArrayList<>();
      PurgeRows.forEach(view.rows(), 0, purges::add);
      return Collections.unmodifiableList(purges);
    }
  }

  /** How many purges are written down: CouchDB's purged_infos_limit. */
  public int limit() {
    return state().limit();
  }

  /**
   * Has {@code limit} purges written down from now on. It stays with the database.
   *
   * @throws IllegalArgumentException if it is not between 1 and {@value #MAX_LIMIT}
   */
  public void setLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "the limit of purges is between 1 and " + MAX_LIMIT + ", and not " + limit);
    }
    database.write(new WriteBatch().add(new Edit.PurgeLimit(limit)));
  }

  private PurgeRows state() {
    try (View view = database.view()) {
      return PurgeRows.read(view.rows());
    }
  }
}
