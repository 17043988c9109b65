package dev.stave.server.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A database's folder in the making: it has another name until it is whole, so that nobody takes a
 * part for the whole. Closing it before leaves nothing.
 */
public final class NewFolder implements AutoCloseable {

  private final Path target;
  private final Path partial;
  private boolean finished;

  private NewFolder(Path target, Path partial) {
    this.target = target;
    this.partial = partial;
  }

  /**
   * One to be at {@code target}, and at {@code target.partial} before.
   *
   * @throws DataFolderException if there is something
   */
  public static NewFolder at(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    if (absolute.getFileName() == null) {
      throw new DataFolderException("this is the root folder: choose a new one", absolute);
    }
    NewFolder made =
        new NewFolder(absolute, absolute.resolveSibling(absolute.getFileName() + ".partial"));
    try {
      refuseOccupied(absolute);
      made.deletePartial(); // what a run left that was killed
      return made;
    } catch (IOException e) {
      throw new DataFolderException("cannot look into the folder", absolute, e);
    }
  }

  /** One for {@code target} in a data folder, which deletes what is left of {@code partial}. */
  static NewFolder in(Path target, Path partial) {
    return new NewFolder(target.toAbsolutePath().normalize(), partial);
  }

  private static void refuseOccupied(Path target) throws IOException {
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw new DataFolderException("there is a file already: choose a new folder", target);
    }
    if (Files.isDirectory(target)) {
      try (var children = Files.newDirectoryStream(target)) {
        if (children.iterator().hasNext()) {
          throw new DataFolderException("the folder is not empty: choose a new one", target);
        }
      }
    }
  }

  private void deletePartial() throws IOException {
    if (!Files.exists(partial)) {
      return;
    }
    if (!Files.isDirectory(partial) || !DatabaseFolder.hasOnlyOurs(partial)) {
      throw new DataFolderException("something else is there: move it away", partial);
    }
    DataFolder.delete(partial);
  }

  /** Where to make it. Nothing is there yet. */
  public Path path() {
    return partial;
  }

  /** Where it is once it is finished. */
  public Path target() {
    return target;
  }

  /** What its files take. */
  public long bytes() {
    try {
      return DatabaseFolder.bytes(finished ? target : partial);
    } catch (IOException e) {
      throw new DataFolderException("cannot list the files", partial, e);
    }
  }

  /** Gives it its name, for good, once all that is in it is on the disk. */
  public void finish() {
    try {
      DataFolder.sync(partial);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      finished = true;
      DataFolder.sync(target.resolveSibling(".").normalize());
    } catch (IOException e) {
      throw new DataFolderException("cannot finish the folder", target, e);
    }
  }

  @Override
  public void close() {
    if (finished) {
      return;
    }
    try {
      deletePartial();
    } catch (IOException e) {
      throw new DataFolderException("cannot delete what is not whole", partial, e);
    }
  }
}
