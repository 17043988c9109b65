package dev.stave.database;

import dev.stave.database.BlobRows.Blob;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How a draft changes what kept bodies refer to of the blobs. For one thread. */
final class BlobCounts {

  private final StorageSnapshot base;
  private final Predicate<String> held;
  private final @Nullable BlobCounts below;
  private final Map<String, Long> before; // of drafts on the same base that were written
  private final Map<String, Long> changes = new HashMap<>();
  private @Nullable Boolean any;

  private BlobCounts(
      StorageSnapshot base,
      Predicate<String> held,
      @Nullable BlobCounts below,
      Map<String, Long> before) {
    this.base = base;
    this.held = held;
    this.below = below;
    this.before = before;
  }

  /** On what {@code base} holds; {@code held} are blobs that stay while nobody refers to them. */
  static BlobCounts on(StorageSnapshot base, Predicate<String> held) {
    return new BlobCounts(base, held, null, new HashMap<>());
  }

  /** Those of a draft that stands on this one's. */
  BlobCounts above() {
    return new BlobCounts(base, held, this, before);
  }

  /** Those of the draft that comes next, on the same base, when this one's is written. */
  BlobCounts next() {
    changes.forEach((sha256, change) -> before.merge(sha256, change, Long::sum));
    return new BlobCounts(base, held, null, before);
  }

  /** Takes in what the draft above changes. */
  void addAll(BlobCounts above) {
    above.changes.forEach((sha256, change) -> changes.merge(sha256, change, Long::sum));
  }

  /** Whether any body has attachments. Most databases have none, and are not asked more. */
  boolean isAny() {
    if (any == null || !any) {
      any = !changes.isEmpty() || (below == null ? base.get(BlobRows.ANY) != null : below.isAny());
    }
    return any;
  }

  /** Counts a body that is put, by 1, or forgotten, by -1. */
  void count(Document document, long change) {
    for (Attachment attachment : document.attachments().values()) {
      changes.merge(attachment.sha256(), change, Long::sum);
    }
  }

  /** The name of one whose bytes are not here. */
  Optional<String> missing(Map<String, Attachment> attachments) {
    for (Map.Entry<String, Attachment> each : attachments.entrySet()) {
      String sha256 = each.getValue().sha256();
      if (!held.test(sha256) && Blob.read(base, sha256) == null) {
        return Optional.of(each.getKey());
      }
    }
    return Optional.empty();
  }

  /** What nobody refers to any more, and nobody holds, goes with the same batch. */
  void writeTo(StorageBatch batch) {
    changes.forEach(
        (sha256, change) -> {
          if (change == 0) {
            return; // a body that moved
          }
          Blob blob = Blob.read(base, sha256);
          if (blob == null) {
            throw new IllegalStateException("a body names bytes that are not there: " + sha256);
          }
          long was = blob.references() + before.getOrDefault(sha256, 0L);
          long now = was + change;
          if (now < 0) {
            throw new IllegalStateException("bytes with " + now + " references: " + sha256);
          }
          if (now == 0 && !held.test(sha256)) {
            blob.deleteFrom(batch, sha256);
            return;
          }
          blob.withReferences(now).putTo(batch, sha256);
          if (now > 0) {
            batch.delete(BlobRows.pendingKey(blob.number()));
          } else {
            BlobRows.putPending(batch, blob.number(), blob.pieces(), sha256);
          }
        });
  }
}
