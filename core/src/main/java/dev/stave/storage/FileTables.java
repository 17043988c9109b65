package dev.stave.storage;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tables of a storage in a folder. */
final class FileTables implements Tables {

  private final Folder folder;
  private final FileSet files;
  private final BlockCache cache;
  private final Pace urgentPace;
  private final Pace mergePace;
  private final Runnable makeReady;

  /** {@code makeReady} returns when a new file would stay and all that is committed is durable. */
  FileTables(
      Folder folder,
      FileSet files,
      BlockCache cache,
      Pace urgentPace,
      Pace mergePace,
      Runnable makeReady) {
    this.folder = folder;
    this.files = files;
    this.cache = cache;
    this.urgentPace = urgentPace;
    this.mergePace = mergePace;
    this.makeReady = makeReady;
  }

  @Override
  public List<Table> retained() {
    return files.retainedTables();
  }

  @Override
  public TableWriter write(long expected, boolean urgent) {
    makeReady.run();
    long number = files.takeNumber();
    Pace pace = urgent ? urgentPace : mergePace;
    return new TableWriter(folder.disk(), folder.table(number), cache, number, expected, pace);
  }

  @Override
  public void replace(List<Table> old, @Nullable Table made) {
    boolean isPublished = false;
    try {
      makeReady.run();
      files.replaceTables(old, made);
      isPublished = true;
    } catch (IOException e) {
      throw new StorageException("cannot publish a table", folder.path(), e);
    } finally {
      if (!isPublished && made != null && !files.isUnclear()) {
        made.discard();
      }
    }
  }
}
