package dev.stave.server.command;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens a target when there is something to write, so that a bad file makes no database. */
final class LateTarget implements ImportTarget {

  private final Supplier<ImportTarget> opener;
  private @Nullable ImportTarget target;

  LateTarget(Supplier<ImportTarget> opener) {
    this.opener = opener;
  }

  @Override
  public List<Result> write(List<ImportDocument> documents) {
    ImportTarget opened = target == null ? opener.get() : target;
    target = opened;
    return opened.write(documents);
  }

  @Override
  public void close() {
    if (target != null) {
      target.close();
    }
  }
}
