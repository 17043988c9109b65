package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the logs of a storage, oldest first. The first that is not sealed goes on; what is behind
 * it was made ahead and is empty, or else a sealed log has lost its end.
 */
final class Recovery {

  private final Folder folder;
  private final Consumer<StorageBatch> replay;
  private final List<Long> numbers = new ArrayList<>();
  private long bytes;
  private CommitLog.@Nullable Contents last;

  /** Hands every batch to {@code replay}, in order. Writes nothing. */
  Recovery(Folder folder, Consumer<StorageBatch> replay) {
    this.folder = folder;
    this.replay = replay;
  }

  /** Reads all of them. */
  static Recovery of(Folder folder, Manifest manifest, Consumer<StorageBatch> replay)
      throws IOException {
    Recovery recovery = new Recovery(folder, replay);
    for (Manifest.Log log : manifest.logs()) {
      recovery.read(log);
    }
    recovery.last();
    return recovery;
  }

  /**
   * Reads the next one.
   *
   * @throws CorruptStaveException if it, or one before, is damaged
   */
  void read(Manifest.Log log) throws IOException {
    CommitLog.Contents contents =
        CommitLog.read(folder.disk(), folder.log(log.number()), log.end(), replay);
    if (last == null || last.isSealed()) {
      numbers.add(log.number());
      bytes += contents.end();
      last = contents;
    } else if (!contents.isEmpty()) {
      throw CommitLog.damaged(newest(), last.end());
    }
  }

  /**
   * What is in the log that goes on.
   *
   * @throws CorruptStaveException if there is none
   */
  CommitLog.Contents last() {
    if (last == null) {
      throw new CorruptStaveException("the manifest names no log", folder.path(), 0);
    }
    if (last.isSealed()) {
      throw CommitLog.damaged(newest(), last.end());
    }
    return last;
  }

  /** The logs that hold something, and the one that goes on. */
  List<Long> numbers() {
    return numbers;
  }

  /** The file of the log that goes on. */
  Path newest() {
    return folder.log(numbers.get(numbers.size() - 1));
  }

  /** What they weigh together. */
  long bytes() {
    return bytes;
  }
}
