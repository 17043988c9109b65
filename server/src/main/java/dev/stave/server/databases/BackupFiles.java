package dev.stave.server.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of a database as of one moment, which nobody changes. Closing deletes them. */
public final class BackupFiles implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackupFiles.class);

  private final Path folder;

  BackupFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * All that make the database, the manifest last: without it a part is not taken for the whole.
   */
  public List<Path> files() {
    try {
      return DatabaseFolder.files(folder);
    } catch (IOException e) {
      throw new DataFolderException("cannot list the files", folder, e);
    }
  }

  @Override
  public void close() {
    try {
      if (Files.exists(folder)) {
        DataFolder.delete(folder);
      }
    } catch (IOException e) {
      LOG.warn("the files of a backup are left until the next start: {}", folder, e);
    }
  }
}
