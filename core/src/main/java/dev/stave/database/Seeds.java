package dev.stave.database;

import dev.stave.json.JsonObject;
import dev.stave.storage.FileStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageException;
import dev.stave.storage.StorageSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the content of a whole database gets from one to another in files: one gives {@link Seed}s of
 * itself, and one that has no documents yet takes such a seed. Any thread may call any method.
 *
 * <p>A seed has the documents with all that is kept of their histories, their attachments, and the
 * index. It has nothing of what is of one copy of a database only: local documents and thereby
 * checkpoints and rights, its name, settings, forks; and nothing that was deleted or purged, not
 * even in a corner of a file.
 */
public final class Seeds {

  /** In the folder of the database. */
  static final String FOLDER = "seeds";

  private static final String INCOMING = "incoming";
  private static final String UNFINISHED = "making";

  /** A seed is given again for so long, if little has changed since. */
  private static final Duration FRESH = Duration.ofHours(1);

  /** And is kept for so long, for those who have begun to fetch it. */
  private static final Duration KEPT = Duration.ofDays(1);

  private static final int KEPT_AT_MOST = 2;
  private static final int MEMORY_BYTES = 16 << 20;
  private static final Pattern ID = Pattern.compile("([0-9]{1,18})-([0-9a-f]{1,16})-[0-9a-f]{16}");
  private static final int HEX = 16;

  /** Puts the content of a folder in the place of the database's own. */
  interface Exchange {
    /** False if nothing has changed: there are documents by now. */
    boolean take(Path folder, String localId, JsonObject local);
  }

  private final Database database;
  private final @Nullable FileStorage files;
  private final LongSupplier systemMillis;
  private final Exchange exchange;

  Seeds(Database database, Storage storage, LongSupplier systemMillis, Exchange exchange) {
    this.database = database;
    this.files = storage instanceof FileStorage of ? of : null;
    this.systemMillis = systemMillis;
    this.exchange = exchange;
    deleteOld(0);
    if (!canTake()) {
      forgetIncoming(); // a crash came between taking it and this
    }
  }

  private Optional<Path> folder() {
    return Optional.ofNullable(files).map(of -> of.path().resolve(FOLDER));
  }

  // Giving

  /** Fewer documents come as fast by the feed. */
  private static final int WORTH_IT = 1_000;

  /** Whether this database is in files, and has so many documents that a seed is worth it. */
  public boolean isWorthGiving() {
    return files != null && database.count() + database.deletedCount() >= WORTH_IT;
  }

  /**
   * A seed of this database, made now or not long ago: what has changed since is to be asked for
   * from {@link Seed#sequence} on. Making one takes a second for some hundred thousand documents,
   * and room for their index and histories; reading and writing go on meanwhile. It is there for an
   * hour at least.
   *
   * @throws StorageException if the disk refuses; then there is none
   * @throws UnsupportedOperationException if this database is in memory
   */
  public synchronized Seed give() {
    Path folder =
        folder()
            .orElseThrow(
                () -> new UnsupportedOperationException("a database in memory gives no seeds"));
    Optional<Seed> fresh = given().stream().filter(this::isFresh).findFirst();
    if (fresh.isPresent()) {
      return fresh.get();
    }
    deleteOld(KEPT_AT_MOST - 1);
    Path unfinished = folder.resolve(UNFINISHED);
    DatabaseFolders.delete(unfinished);
    try {
      long sequence = make(unfinished);
      String id =
          sequence
              + "-"
              + Long.toHexString(systemMillis.getAsLong())
              + "-"
              + UUID.randomUUID().toString().replace("-", "").substring(0, HEX);
      Path named = folder.resolve(id);
      Files.move(unfinished, named, StandardCopyOption.ATOMIC_MOVE);
      return seed(named).orElseThrow(() -> new IOException("it is gone"));
    } catch (IOException e) {
      throw new StorageException("cannot make a seed", folder, e);
    } finally {
      DatabaseFolders.deleteQuietly(unfinished);
    }
  }

  private boolean isFresh(Seed seed) {
    long behind = database.lastSequence() - seed.sequence();
    boolean isNear = behind >= 0 && behind <= 1_000 + seed.sequence() / 10;
    return isNear && isYounger(seed, FRESH);
  }

  private boolean isYounger(Seed seed, Duration age) {
    Matcher parts = ID.matcher(seed.id());
    if (!parts.matches()) {
      return false;
    }
    long millis = systemMillis.getAsLong() - Long.parseLong(parts.group(2), HEX);
    return millis >= 0 && millis < age.toMillis();
  }

  /** The seed {@code id} that was given before; empty if it is not kept any more. */
  public Optional<Seed> find(String id) {
    return ID.matcher(id).matches()
        ? folder().flatMap(of -> seed(of.resolve(id)))
        : Optional.empty();
  }

  /** Newest first. */
  private List<Seed> given() {
    return children().stream()
        .map(Seeds::seed)
        .filter(Optional::isPresent)
        .map(Optional::get)
        .sorted(Comparator.comparing(Seeds::madeAt).reversed())
        .collect(Collectors.toList());
  }

  private static long madeAt(Seed seed) {
    Matcher parts = ID.matcher(seed.id());
    return parts.matches() ? Long.parseLong(parts.group(2), HEX) : 0;
  }

  private List<Path> children() {
    Path folder = folder().orElse(null);
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found.collect(Collectors.toList());
    } catch (IOException e) {
      throw new StorageException("cannot list the seeds", folder, e);
    }
  }

  private static Optional<Seed> seed(Path folder) {
    String id = folder.getFileName().toString();
    Matcher parts = ID.matcher(id);
    if (!parts.matches() || !Files.isDirectory(folder)) {
      return Optional.empty();
    }
    List<SeedFile> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(folder)) {
      for (Path file : found.sorted().collect(Collectors.toList())) {
        String name = file.getFileName().toString();
        if (IncomingSeed.isName(name)) { // the lock is none
          files.add(new SeedFile(name, Files.size(file)));
        }
      }
    } catch (IOException e) {
      return Optional.empty(); // it is being deleted
    }
    return Optional.of(new Seed(id, Long.parseLong(parts.group(1)), folder, files));
  }

  /** Makes what is to travel of the database in {@code target}, and says as of which sequence. */
  private long make(Path target) {
    database.copyFiles(target);
    DatabaseOptions options = DatabaseOptions.DEFAULT.withMemoryBytes(MEMORY_BYTES);
    Database.open(target, options).close(); // collects uploads, and writes the rest of the index
    try (FileStorage copy = FileStorage.open(target, options.rowStorage())) {
      SeedRows.deletePrivate(copy);
      copy.compact(); // what was deleted, here and before, is in no file any more
      try (StorageSnapshot rows = copy.snapshot()) {
        return SeedRows.sequence(rows);
      }
    }
  }

  /** Deletes seeds that nobody is fetching any more, and all but the newest {@code kept}. */
  void deleteOld() {
    deleteOld(KEPT_AT_MOST);
  }

  private void deleteOld(int kept) {
    List<Seed> all = given();
    for (int i = 0; i < all.size(); i++) {
      if (!isYounger(all.get(i), KEPT) || kept > 0 && i >= kept) {
        DatabaseFolders.deleteQuietly(all.get(i).folder());
      }
    }
  }

  // Taking

  /**
   * Whether this database can take a seed: it is in files, and nothing was ever written to it, but
   * for local documents and settings.
   */
  public boolean canTake() {
    return files != null && database.lastSequence() == 0;
  }

  /**
   * Begins to take a seed that somebody gives, or goes on if it is the one of the last time.
   * Nothing of it is seen before {@link IncomingSeed#install}.
   *
   * @throws InvalidSeedException if it cannot be one, or there is no room for it
   * @throws StorageException if the disk refuses
   * @throws UnsupportedOperationException if this database is in memory
   */
  public IncomingSeed receive(String id, long sequence, List<SeedFile> listed) {
    Path seeds =
        folder()
            .orElseThrow(
                () -> new UnsupportedOperationException("a database in memory takes no seeds"));
    return IncomingSeed.begin(seeds.resolve(INCOMING), id, sequence, listed, exchange);
  }

  /** Deletes what was fetched of a seed that is not to be installed any more. */
  public void forgetIncoming() {
    folder().ifPresent(of -> DatabaseFolders.deleteQuietly(of.resolve(INCOMING)));
  }
}
