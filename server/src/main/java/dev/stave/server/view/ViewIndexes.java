package dev.stave.server.view;

import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.server.databases.DataFolderException;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.storage.CorruptStaveException;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of all databases' views, in folders beside the databases' files, opened when they are
 * first asked for. What is in them can be made anew at any time: one that is damaged, or another
 * database's, is thrown away. Any thread may call any method.
 */
public final class ViewIndexes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ViewIndexes.class);

  private static final IdRange DESIGNS = new IdRange("_design/", "_design0", false);

  /** So many indexes are built at once; others wait. */
  private static final int BUILDERS = 2;

  private record Key(Database database, String signature) {}

  private final Databases databases;
  private final ViewLimits limits;
  private final ExecutorService builders =
      Executors.newFixedThreadPool(
          BUILDERS,
          task -> {
            Thread made = new Thread(task, "stave-views");
            made.setDaemon(true);
            return made;
          });

  // under this; the one that was used last comes last
  private final LinkedHashMap<Key, ViewIndex> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Database> dropped = Collections.newSetFromMap(new WeakHashMap<>());
  private boolean closed;

  public ViewIndexes(Databases databases, ViewLimits limits) {
    this.databases = databases;
    this.limits = limits;
    databases.beforeDrop(this::forget);
  }

  public ViewLimits limits() {
    return limits;
  }

  /** The index of {@code views}, as far as it is. */
  public synchronized ViewIndex of(DatabaseName name, Database database, DesignViews views) {
    Key key = new Key(database, views.signature());
    ViewIndex known = open.get(key);
    if (known != null) {
      return known;
    }
    if (closed || dropped.contains(database)) {
      throw new StorageClosedException("the database was closed or deleted");
    }
    closeUnused();
    cleanUp(name, database); // a new index is most often in the place of an old one
    ViewIndex opened = open(folder(name).resolve(views.signature()), database, views);
    open.put(key, opened);
    return opened;
  }

  private Path folder(DatabaseName name) {
    return databases.viewFolder(name);
  }

  private ViewIndex open(Path folder, Database database, DesignViews views) {
    try {
      Optional<ViewIndex> known = ViewIndex.open(folder, database, views, limits, builders);
      if (known.isPresent()) {
        return known.get();
      }
    } catch (CorruptStaveException e) {
      LOG.warn("the index of {} is damaged, and is made anew: {}", views.id(), e.getMessage());
    }
    delete(folder);
    return ViewIndex.open(folder, database, views, limits, builders).orElseThrow();
  }

  private void closeUnused() {
    if (open.size() < limits.openIndexes()) {
      return;
    }
    List<Key> unused =
        open.entrySet().stream()
            .filter(entry -> !entry.getValue().isBuilding())
            .map(Map.Entry::getKey)
            .limit(open.size() - limits.openIndexes() + 1L)
            .toList();
    unused.forEach(key -> close(open.remove(key)));
  }

  private static void close(@Nullable ViewIndex index) {
    if (index == null) {
      return;
    }
    try {
      index.close();
    } catch (StorageException e) {
      LOG.warn("an index of views was not closed as it should: {}", e.getMessage());
    }
  }

  /** Closes what there is of a database that is about to be deleted, files and all. */
  private synchronized void forget(Database database) {
    dropped.add(database);
    List<Key> keys = open.keySet().stream().filter(key -> key.database() == database).toList();
    keys.forEach(key -> close(open.remove(key)));
  }

  /** Takes the room of what was overwritten in {@code index} back, in the background. */
  public void compact(ViewIndex index) {
    builders.execute(
        () -> {
          try {
            index.compact();
          } catch (RuntimeException e) {
            LOG.warn("an index of views was not compacted: {}", e.getMessage());
          }
        });
  }

  /** Deletes the indexes that no design document has any more. */
  public synchronized void cleanUp(DatabaseName name, Database database) {
    Set<String> used = new HashSet<>();
    database.forEach(
        DESIGNS,
        design -> {
          DesignViews.of(design).ifPresent(views -> used.add(views.signature()));
          return true;
        });
    Path folder = folder(name);
    if (!Files.isDirectory(folder) || dropped.contains(database)) {
      return;
    }
    try (DirectoryStream<Path> indexes = Files.newDirectoryStream(folder)) {
      for (Path index : indexes) {
        String signature = index.getFileName().toString();
        if (!used.contains(signature)) {
          close(open.remove(new Key(database, signature)));
          delete(index);
        }
      }
    } catch (IOException e) {
      throw new DataFolderException("cannot clean up the indexes of views", folder, e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.exists(folder) ? Files.walk(folder) : Stream.<Path>empty()) {
      files.sorted(Comparator.reverseOrder()).forEach(ViewIndexes::deleteOne);
    } catch (IOException e) {
      throw cannotDelete(folder, e);
    }
  }

  private static void deleteOne(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw cannotDelete(file, e);
    }
  }

  private static DataFolderException cannotDelete(Path file, IOException e) {
    return new DataFolderException("cannot delete an index of views", file, e);
  }

  @Override
  public void close() {
    builders.shutdown(); // what is built ends when its storage is closed
    synchronized (this) {
      closed = true;
      open.values().forEach(ViewIndexes::close);
      open.clear();
    }
  }
}
