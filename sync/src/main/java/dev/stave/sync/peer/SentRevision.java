package dev.stave.sync.peer;

import dev.stave.json.JsonObject;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import java.util.List;
import java.util.Map;

/**
 * A revision on its way from one peer to another.
 *
 * @param path the revision and its ancestors
 * @param attachments by name; their bytes are still at the source
 * @param provenances who made the path's revisions, as far as the source knows
 * @param known leaves of the target that it may have grown from
 * @param together a number that those of one transaction have in common; 0 for one by itself
 */
public record SentRevision(
    String id,
    RevisionPath path,
    JsonObject body,
    Map<String, SentAttachment> attachments,
    Map<RevisionId, Provenance> provenances,
    List<RevisionId> known,
    long together) {

  private static final int BYTES_OF_A_REVISION = 40;

  public SentRevision {
    attachments = Map.copyOf(attachments);
    provenances = Map.copyOf(provenances);
    known = List.copyOf(known);
  }

  /** One by itself. */
  public SentRevision(
      String id,
      RevisionPath path,
      JsonObject body,
      Map<String, SentAttachment> attachments,
      Map<RevisionId, Provenance> provenances,
      List<RevisionId> known) {
    this(id, path, body, attachments, provenances, known, 0);
  }

  public RevisionId revision() {
    return path.leaf();
  }

  /** The same, for a target that has {@code leaves}. */
  public SentRevision withKnown(List<RevisionId> leaves) {
    return new SentRevision(id, path, body, attachments, provenances, leaves, together);
  }

  /** The same, as a part of the transaction of that number. */
  public SentRevision withTogether(long number) {
    return new SentRevision(id, path, body, attachments, provenances, known, number);
  }

  /** Whether {@code other} is of the same transaction. */
  public boolean isTogetherWith(SentRevision other) {
    return together != 0 && together == other.together;
  }

  /** About how much memory it takes, in bytes. */
  public long size() {
    return body.size() + (long) BYTES_OF_A_REVISION * path.ids().size();
  }
}
