package dev.stave.sync.peer;

import dev.stave.database.IncomingSeed;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A database that can be replicated with, in this process or elsewhere.
 *
 * <p>Every call may take as long as a network does, and fails with {@link PeerException}, which
 * says whether to try again. A peer in this process fails as its database does. Any thread may call
 * any method.
 */
public interface Peer extends AutoCloseable {

  /** The sequence before every change. */
  String BEGINNING = "0";

  /** Where it is, for people. Never with a password in it. */
  String name();

  /**
   * What names this database for as long as it exists, the same for everyone who asks, as far as it
   * can be known. Checkpoints are found by it.
   */
  String identity();

  /** The sequence of the newest change. */
  String lastSequence();

  /**
   * Names the time for which it has forgotten nothing that it had: another word if it was started
   * anew, and may have come back with less. A peer that cannot say so says always the same.
   */
  String instance();

  /**
   * What it says when a replication begins: as much as it can say at once.
   *
   * @param checkpoint the id of a document that is asked for, as {@link #getLocal} takes it
   */
  default Greeting greet(String checkpoint) {
    return new Greeting(instance(), Optional.empty());
  }

  /**
   * The documents in {@code scope} that changed after the sequence {@code since}, each once, oldest
   * change first; and those that left it by a change, as far as the peer can tell.
   *
   * @param since {@link #BEGINNING}, or what this peer gave before: text that only it understands
   * @param limit of documents, at least 1
   * @param leavingSince what left up to this sequence is not told: nobody has it who asks
   */
  ChangesPage changes(String since, int limit, Scope scope, String leavingSince);

  /** As the other, with all that left after {@code since}. */
  default ChangesPage changes(String since, int limit, Scope scope) {
    return changes(since, limit, scope, BEGINNING);
  }

  /**
   * Calls {@code listener} once: as soon as something in {@code scope} may have changed after
   * {@code since}, or it cannot be told any more. No thread waits meanwhile, as far as the peer can
   * help it. The call comes on any thread, and may come before this returns.
   */
  Waiting whenChanged(String since, Scope scope, ChangeListener listener);

  /** Who is told that there are changes. Returns soon, and throws nothing. */
  interface ChangeListener {

    void changed();

    void failed(PeerException why);
  }

  /** What is ended by closing it; the listener is not called any more then, or is just now. */
  @FunctionalInterface
  interface Waiting extends AutoCloseable {
    @Override
    void close();
  }

  /** Of the revisions {@code offered}, by document, those that this peer lacks. */
  Map<String, MissingRevisions> missing(Map<String, List<RevisionId>> offered);

  /**
   * Hands over revisions, by document, with what came before them. What is not here any more is
   * left out. The visitor is called on the caller's thread, and as slowly as it likes.
   */
  void read(Map<String, List<RevisionId>> wanted, RevisionVisitor visitor);

  /** Who takes what is read. */
  interface RevisionVisitor {

    void take(SentRevision revision);

    /** The peer has it, but it can be no revision here: {@code reason} is for people. */
    void refuse(String id, RevisionId revision, String reason);
  }

  /**
   * Adds revisions that another peer made: each by itself, so that one that is refused holds up no
   * other.
   *
   * @return what came of each, in order
   */
  List<GraftResult> graft(List<SentRevision> revisions);

  /**
   * Makes ready what {@link #graft} sends, as far as that can be done before it is its turn:
   * nothing has reached this peer when this returns. It holds a few megabytes at most, beside what
   * it is given, however long the attachments are.
   */
  default PreparedGraft prepare(List<SentRevision> revisions) {
    return () -> graft(revisions);
  }

  /** Revisions that are ready to be added. */
  @FunctionalInterface
  interface PreparedGraft {

    /** As {@link #graft}; once. */
    List<GraftResult> write();
  }

  /**
   * Of these documents, the ancestors whose bodies it takes to merge a conflict, and which are not
   * here. A peer that cannot say so says nothing.
   */
  Map<String, List<RevisionId>> missingBases(Collection<String> documents);

  /**
   * Documents with a conflict, of which {@link #missingBases} may tell something: up to {@code
   * limit} of them, those whose ids come after {@code after}. Empty text is before all of them.
   */
  List<String> conflicts(String after, int limit);

  /** Takes bodies of ancestors that {@link #missingBases} named. */
  void giveBases(List<SentRevision> bases);

  /**
   * All of this database in files, for one that has no documents yet; empty if it gives none, or
   * not to us: then everything comes by {@link #changes}.
   */
  default Optional<SeedOffer> seed() {
    return Optional.empty();
  }

  /**
   * Reads a part of a seed.
   *
   * @param bytes gets it, from its beginning on
   * @throws PeerException of the kind {@link PeerException.Kind#NOT_THERE} if the seed is not kept
   *     any more
   */
  default void readSeed(String id, IncomingSeed.Piece piece, byte[] bytes) {
    throw new PeerException(PeerException.Kind.NOT_THERE, null, "the peer gives no seeds");
  }

  /** The order of ids: of their code points. */
  Comparator<String> ID_ORDER = Digests.ORDER;

  /** A digest of so many parts is asked for at once, at most. */
  int MAX_DIGEST_PARTS = 1_024;

  /** So many documents' leaves are asked for at once, at most. */
  int MAX_LEAVES = 10_000;

  /**
   * The documents in {@code scope} whose ids lie from {@code from} (included) to {@code to}
   * (excluded; null: to the end), deleted ones and design documents too, in parts that it chooses:
   * of about {@code size} documents, and at most {@link #MAX_DIGEST_PARTS} of them. It reads all of
   * these documents' histories. Empty if this peer has no word for it.
   *
   * @param size 0 for as many parts as it takes to find a difference soon
   */
  default Optional<List<DigestPart>> split(
      String from, @Nullable String to, long size, Scope scope) {
    return Optional.empty();
  }

  /**
   * As {@link #split}, in parts that begin at {@code bounds}: at least one, in the order of ids.
   * Whoever has no word for it is asked for all of its changes.
   */
  default List<Digest> digests(List<String> bounds, @Nullable String to, Scope scope) {
    return Digests.digests(this, bounds, to, scope);
  }

  /** The first {@code limit} of such documents with their leaves, in the order of ids. */
  default SortedMap<String, List<RevisionId>> leaves(
      String from, @Nullable String to, int limit, Scope scope) {
    return Digests.leaves(this, from, to, limit, scope);
  }

  /** A document that has no history and does not replicate: a checkpoint. */
  Optional<JsonObject> getLocal(String id);

  /** Sets a document that has no history and does not replicate. */
  void putLocal(String id, JsonObject body);

  /** Returns when all that was grafted survives a crash. */
  void commit();

  /** Releases what this peer holds, but not a database that was given to it. */
  @Override
  void close();
}
