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
  private final List<Manifest.Log> logs = new ArrayList<>();
  private long bytes;
  private CommitLog.@Nullable Contents last;

  /** Hands every batch to {@code replay}, in order. Writes nothing. */
  Recovery(Folder folder, Consumer<StorageBatch> replay) {
    this.folder = folder;
    this.replay = replay;
  }

  /** What is known without reading: logs that are sealed, and one that goes on. */
  static Recovery known(
      Folder folder, List<Manifest.Log> older, long number, CommitLog.Contents last) {
    Recovery recovery = new Recovery(folder, batch -> {});
    recovery.logs.addAll(older);
    recovery.logs.add(new Manifest.Log(number, last.end()));
    recovery.logs.forEach(log -> recovery.bytes += log.end());
    recovery.last = last;
    return recovery;
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
      logs.add(new Manifest.Log(log.number(), contents.end()));
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

  /** The logs that hold something and are sealed, and where they end. */
  List<Manifest.Log> older() {
    return logs.subList(0, logs.size() - 1);
  }

  /** The number of the log that goes on. */
  long number() {
    return logs.get(logs.size() - 1).number();
  }

  /** The file of the log that goes on. */
  Path newest() {
    return folder.log(number());
  }

  /** What they weigh together. */
  long bytes() {
    return bytes;
  }
}
