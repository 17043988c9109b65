package dev.stave.server.databases;

import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The named databases below one data folder, each in a folder of its own. A database is opened when
 * it is first asked for and stays open. Any thread may call any method.
 *
 * <p>A dropped database's folder is renamed first and deleted then, so that the name is free at
 * once; what a crash leaves of it is deleted at the next start.
 */
public final class Databases implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Databases.class);

  private final DataFolder folder;
  private final DatabaseOptions options;
  private final String uuid;
  private final ConcurrentMap<DatabaseName, Database> open = new ConcurrentHashMap<>();
  private final List<Consumer<Database>> beforeDrop = new CopyOnWriteArrayList<>();
  private final List<Consumer<Database>> afterDrop = new CopyOnWriteArrayList<>();
  private final List<Consumer<DatabaseName>> afterCreate = new CopyOnWriteArrayList<>();

  private Databases(DataFolder folder, DatabaseOptions options) throws IOException {
    this.folder = folder;
    this.options = options;
    this.uuid = folder.readOrMakeUuid();
    folder.deleteLeft();
  }

  /**
   * Opens the data folder {@code path}, or makes it.
   *
   * @throws DataFolderException if it is in use, holds other things, or cannot be written
   */
  public static Databases open(Path path) {
    return open(path, DatabaseOptions.DEFAULT);
  }

  /** As {@link #open(Path)}; each database is opened with {@code options}. */
  public static Databases open(Path path, DatabaseOptions options) {
    DataFolder folder = DataFolder.open(path);
    try {
      return new Databases(folder, options);
    } catch (IOException e) {
      folder.close();
      throw new DataFolderException("cannot open the data folder", path, e);
    }
  }

  /** Opens the data folder {@code path}; empty if there is none. Makes nothing. */
  public static Optional<Databases> openExisting(Path path) {
    return DataFolder.exists(path) ? Optional.of(open(path)) : Optional.empty();
  }

  /**
   * Makes sure that {@code path} is a data folder or can become one, and changes nothing.
   *
   * @throws DataFolderException if it holds other things
   */
  public static void requireUsable(Path path) {
    DataFolder.requireUsable(path);
  }

  /** The name of this set of databases among all others, for good. */
  public String uuid() {
    return uuid;
  }

  /** Where the settings of a server are, beside its databases. */
  public Path settingsFile() {
    return settingsFile(folder.path());
  }

  /** The same, of the data folder {@code path}. */
  public static Path settingsFile(Path path) {
    return path.resolve("settings.json");
  }

  /** The names of all databases, in order. */
  public List<DatabaseName> list() {
    try {
      return folder.children().stream()
          .filter(DatabaseFolder::holdsDatabase)
          .flatMap(child -> DatabaseName.ofFolder(child.getFileName().toString()).stream())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DataFolderException("cannot list the databases", folder.path(), e);
    }
  }

  /**
   * The database of this name; empty if there is none.
   *
   * @throws dev.stave.storage.StorageException if it is open elsewhere or cannot be read
   * @throws dev.stave.storage.CorruptStaveException if it is damaged
   */
  public Optional<Database> find(DatabaseName name) {
    Database known = open.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    return Optional.ofNullable(open.computeIfAbsent(name, this::openIfThere));
  }

  /** The database of this name, if it has been opened. */
  public Optional<Database> ifOpen(DatabaseName name) {
    return Optional.ofNullable(open.get(name));
  }

  private @Nullable Database openIfThere(DatabaseName name) {
    Path path = pathOf(name);
    return DatabaseFolder.holdsDatabase(path) ? Database.open(path, options) : null;
  }

  /** Whether there is no database of this name, or no longer. Opens nothing. */
  public boolean isGone(DatabaseName name) {
    return !DatabaseFolder.holdsDatabase(pathOf(name));
  }

  /**
   * Makes a database; empty if there is one of this name already.
   *
   * @throws dev.stave.storage.StorageException if a folder of something else is in its place
   */
  public Optional<Database> create(DatabaseName name) {
    boolean[] made = new boolean[1];
    Database database =
        open.computeIfAbsent(
            name,
            absent -> {
              if (DatabaseFolder.holdsDatabase(pathOf(name))) {
                return null;
              }
              made[0] = true;
              return createDurably(name);
            });
    if (!made[0]) {
      return Optional.empty();
    }
    afterCreate.forEach(task -> task.accept(name));
    return Optional.ofNullable(database);
  }

  private Database createDurably(DatabaseName name) {
    Database database = Database.open(pathOf(name), options);
    try {
      folder.sync();
      return database;
    } catch (IOException e) {
      database.close();
      throw new DataFolderException("cannot make a database", pathOf(name), e);
    }
  }

  /** Deletes a database and all that is in it. False if there is none of this name. */
  public boolean drop(DatabaseName name) {
    Path dropped = folder.resolve(DataFolder.DROPPED + UUID.randomUUID());
    List<DataFolderException> failures = new ArrayList<>();
    List<Database> closed = new ArrayList<>();
    open.compute(
        name,
        (key, known) -> {
          if (known != null) {
            beforeDrop.forEach(task -> task.accept(known));
            known.close();
            closed.add(known);
          }
          try {
            moveAway(pathOf(name), dropped);
          } catch (DataFolderException e) {
            failures.add(e); // thrown below: what is closed must not stay in the map
          }
          return null;
        });
    closed.forEach(database -> afterDrop.forEach(task -> task.accept(database)));
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
    return deleteIfThere(dropped);
  }

  /** Has {@code task} called with each database before it is deleted, to let go of its files. */
  public void beforeDrop(Consumer<Database> task) {
    beforeDrop.add(task);
  }

  /** Has {@code task} called with each database that was open, is dropped, and is closed by now. */
  public void afterDrop(Consumer<Database> task) {
    afterDrop.add(task);
  }

  /** Has {@code task} called with the name of each database that is made. */
  public void afterCreate(Consumer<DatabaseName> task) {
    afterCreate.add(task);
  }

  /** Where the indexes of a database's views are. It goes with the database, but into no backup. */
  public Path viewFolder(DatabaseName name) {
    return pathOf(name).resolve(DatabaseFolder.VIEWS);
  }

  private void moveAway(Path path, Path dropped) {
    try {
      if (DatabaseFolder.holdsDatabase(path)) {
        Files.move(path, dropped, StandardCopyOption.ATOMIC_MOVE);
        folder.sync();
      }
    } catch (IOException e) {
      throw new DataFolderException("cannot drop the database", path, e);
    }
  }

  private static boolean deleteIfThere(Path dropped) {
    if (!Files.exists(dropped)) {
      return false;
    }
    try {
      DataFolder.delete(dropped);
    } catch (IOException e) {
      LOG.warn("a dropped database is left until the next start: {}", dropped, e);
    }
    return true;
  }

  /** The bytes of a database's files. */
  public long fileBytes(DatabaseName name) {
    try {
      return DatabaseFolder.bytes(pathOf(name));
    } catch (IOException e) {
      throw new DataFolderException("cannot list the files", pathOf(name), e);
    }
  }

  /**
   * Takes the files of {@code database} as they are now, in no time where the disk has second names
   * for files. Reading and writing go on.
   *
   * @throws dev.stave.storage.StorageException if the disk refuses
   */
  public BackupFiles backup(Database database) {
    Path temporary = folder.temporary();
    database.checkpoint(temporary);
    return new BackupFiles(temporary);
  }

  private Path pathOf(DatabaseName name) {
    return folder.resolve(name.folder());
  }

  /** Closes every database, and releases the data folder. */
  @Override
  public void close() {
    open.values().forEach(Database::close);
    folder.close();
  }
}
