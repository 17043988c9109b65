package dev.stave.database;

import dev.stave.index.PathIndex;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The forks of a database: copies of it that go their own way. Any thread may call any method.
 *
 * <p>A fork is a whole database, with a feed and an index of its own, and can be forked in turn. It
 * takes neither time nor room to make one, whatever the documents weigh: parent and fork share the
 * files that are there, and neither ever writes into one of them again. What is written to the one
 * is never seen in the other.
 *
 * <p>A fork lives in a folder below its parent's: it moves and is deleted with it. Backups,
 * checkpoints and checks of a database are without its forks, each of which can have its own. Each
 * is open once at a time, has the options of its parent, and is closed by whoever opened it; it may
 * stay open when its parent is closed. Forks of a database in memory are gone when it is.
 *
 * <p>A name has 1 to {@value #MAX_NAME_LENGTH} characters, lower case letters, digits, {@code _}
 * and {@code -}, the first one a letter or a digit. Any other is refused with an {@link
 * IllegalArgumentException}.
 */
public final class Forks {

  /** The longest name of a fork, in characters. */
  public static final int MAX_NAME_LENGTH = 64;

  /** In a fork: the pin of its last sequence when it was made. */
  static final String BASE = "base";

  private static final Pattern NAME =
      Pattern.compile("[a-z0-9][a-z0-9_-]{0," + (MAX_NAME_LENGTH - 1) + "}");

  /** Opens a database on a storage. */
  interface Opener {
    Database open(Storage storage, ForkPlace forks, PathIndex.@Nullable Memory index);
  }

  private final @Nullable ForkPlace place;
  private final Database database;
  private final PathIndex index;
  private final Committer committer;
  private final Draft.Rules rules;
  private final Opener opener;

  Forks(
      @Nullable ForkPlace place,
      Database database,
      PathIndex index,
      Committer committer,
      Draft.Rules rules,
      Opener opener) {
    this.place = place;
    this.database = database;
    this.index = index;
    this.committer = committer;
    this.rules = rules;
    this.opener = opener;
  }

  private ForkPlace place() {
    ForkPlace here = place;
    if (here == null) {
      throw new UnsupportedOperationException("databases of this storage cannot be forked");
    }
    return here;
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static void checkName(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "the name of a fork is 1 to "
              + MAX_NAME_LENGTH
              + " characters a-z, 0-9, _ and -, the first one a letter or a digit: "
              + name);
    }
  }

  /**
   * Makes a fork of what is committed now, and opens it.
   *
   * @throws ForkException if there is one of that name
   * @throws dev.stave.storage.StorageException if the disk refuses; then there is none
   */
  public synchronized Database create(String name) {
    int depth = depthOfNew(name);
    PathIndex.Memory[] memory = new PathIndex.Memory[1];
    Storage made =
        committer.betweenCommits(
            () -> {
              memory[0] = index.memory();
              return place()
                  .make(
                      name,
                      (rows, first) -> {
                        first.accept(firstRows(rows, lastSequence(rows)));
                        return note(name, lastSequence(rows), depth);
                      });
            });
    return opened(name, made, memory[0]);
  }

  /**
   * Makes a fork of what was committed at the sequence {@code atSequence} of this database, and
   * opens it: the documents, deleted ones and conflicts too, are as they were then. It costs time
   * and room for what has changed since, and no more. Local documents have no history: they are as
   * they are now. If two branches of a document have turned out to be one since, they are one.
   *
   * <p>How far back one can go is a matter of each document that changed since: it has to keep the
   * body it had then, of which see {@link DatabaseOptions#retention}.
   *
   * @throws ForkException if there is one of that name; or if the revisions that some document had
   *     then are not kept, naming it and the earliest sequence at which all are
   * @throws IllegalArgumentException if {@code atSequence} is negative, or greater than {@link
   *     Database#lastSequence}
   * @throws dev.stave.storage.StorageException if the disk refuses; then there is none
   */
  public synchronized Database create(String name, long atSequence) {
    int depth = depthOfNew(name);
    Storage made =
        place()
            .make(
                name,
                (rows, first) -> {
                  checkSequence(atSequence, rows);
                  long end = Rewind.run(rows, rules, atSequence, first);
                  first.accept(firstRows(rows, end));
                  return note(name, atSequence, depth);
                });
    return opened(name, made, null);
  }

  private int depthOfNew(String name) {
    checkName(name);
    if (place().has(name)) {
      throw new ForkException("there is a fork of that name: drop it first", "fork", name);
    }
    return 1 + place().ownNote().map(note -> Fork.ofNote(name, note).depth()).orElse(0);
  }

  private String note(String name, long sequence, int depth) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new Fork(name, database.uuid(), sequence, now, depth).toNote();
  }

  private static long lastSequence(StorageSnapshot rows) {
    return DocumentRows.Meta.decode(rows.get(DocumentRows.META)).lastSequence();
  }

  private static void checkSequence(long sequence, StorageSnapshot rows) {
    long last = lastSequence(rows);
    if (sequence < 0 || sequence > last) {
      throw new IllegalArgumentException(
          "a fork is made at a sequence from 0 to the last, " + last + ": " + sequence);
    }
  }

  /**
   * Where a fork comes from.
   *
   * @param parent the uuid of its parent
   * @param parentSequence what its parent had written when it was made
   * @param sequence its own newest sequence when it was made: what comes behind it is its own
   */
  public record Origin(String parent, long parentSequence, long sequence) {}

  /** Where this database itself comes from; empty if it is no fork. */
  public Optional<Origin> origin() {
    Long sequence = database.pins().all().get(BASE);
    return sequence == null
        ? Optional.empty()
        : place()
            .ownNote()
            .map(note -> Fork.ofNote("", note))
            .map(fork -> new Origin(fork.parent(), fork.sequence(), sequence));
  }

  /** All forks of this database, by name, without those that they have in turn. */
  public synchronized List<Fork> list() {
    List<Fork> forks = new ArrayList<>();
    for (String name : place().names()) {
      place().note(name).ifPresent(note -> forks.add(Fork.ofNote(name, note)));
    }
    return forks;
  }

  /**
   * Opens a fork, for the caller to close.
   *
   * @throws ForkException if there is none of that name
   * @throws dev.stave.storage.StorageInUseException if it is open
   * @throws dev.stave.storage.CorruptStaveException if it is damaged
   */
  public synchronized Database open(String name) {
    requireFork(name);
    return opened(name, place().open(name), null);
  }

  /** The parent keeps what it had when the fork was made: it is the base of what they merge. */
  private Database opened(String name, Storage storage, PathIndex.@Nullable Memory known) {
    Database fork = opener.open(storage, place().placeOf(name, storage), known);
    boolean isWhole = false;
    try {
      if (!database.pins().all().containsKey(pinOf(name))) {
        place()
            .note(name)
            .map(note -> Fork.ofNote(name, note).sequence())
            .ifPresent(
                made -> database.write(new WriteBatch().add(new Edit.Pin(pinOf(name), made))));
      }
      isWhole = true;
      return fork;
    } finally {
      if (!isWhole) {
        fork.close();
      }
    }
  }

  private static String pinOf(String name) {
    return "fork." + name;
  }

  /** What makes a copy of {@code rows}, whose last sequence is {@code end}, a database apart. */
  private static StorageBatch firstRows(StorageSnapshot rows, long end) {
    StorageBatch batch = Database.newUuid();
    for (String pin : Pins.read(rows).byName().keySet()) {
      batch.delete(Pins.key(pin)); // somebody's who knows of the parent alone
    }
    batch.put(Pins.key(BASE), Pins.encode(end));
    return batch;
  }

  /**
   * Deletes a fork and all that was written to it.
   *
   * @throws ForkException if there is none of that name, or it has forks in turn
   * @throws dev.stave.storage.StorageInUseException if it is open
   */
  public synchronized void drop(String name) {
    requireFork(name);
    List<String> below = place().below(name).names();
    if (!below.isEmpty()) {
      throw new ForkException(
          "the fork has forks in turn: drop those first, or all together by dropWithForks",
          "fork",
          name,
          "forks",
          below);
    }
    place().drop(name);
    database.pins().unpin(pinOf(name));
  }

  /**
   * Deletes a fork, all that was written to it, and all forks below it.
   *
   * @throws ForkException if there is none of that name
   * @throws dev.stave.storage.StorageInUseException if it, or one below it, is open; then nothing
   *     is deleted
   */
  public synchronized void dropWithForks(String name) {
    requireFork(name);
    place().drop(name);
    database.pins().unpin(pinOf(name));
  }

  private void requireFork(String name) {
    checkName(name);
    if (!place().has(name)) {
      throw new ForkException("there is no fork of that name", "fork", name);
    }
  }
}
