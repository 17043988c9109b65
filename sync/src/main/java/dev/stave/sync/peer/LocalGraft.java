package dev.stave.sync.peer;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Attachments;
import dev.stave.database.Database;
import dev.stave.database.MissingAttachmentException;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteResult;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.PeerException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Revisions on their way into a database of this process, with the bytes of their attachments. */
final class LocalGraft {

  private static final int BUFFER_BYTES = 64 << 10;

  private final Database database;
  private final Function<SentRevision, Optional<String>> checks;

  LocalGraft(Database database, Function<SentRevision, Optional<String>> checks) {
    this.database = database;
    this.checks = checks;
  }

  List<GraftResult> write(List<SentRevision> revisions) {
    List<@Nullable GraftResult> results = new ArrayList<>();
    List<SentRevision> batched = new ArrayList<>();
    WriteBatch batch = new WriteBatch();
    List<Attachments.Held> held = new ArrayList<>();
    try {
      for (SentRevision each : revisions) {
        GraftResult refused = add(each, batch, held);
        results.add(refused);
        if (refused == null) {
          batched.add(each);
        }
      }
      List<GraftResult> written = write(batched, batch);
      List<GraftResult> all = new ArrayList<>();
      int next = 0;
      for (GraftResult known : results) {
        all.add(known == null ? written.get(next++) : known);
      }
      return all;
    } finally {
      held.forEach(Attachments.Held::close);
    }
  }

  /** Returns why it is not in the batch; null if it is. */
  private @Nullable GraftResult add(
      SentRevision sent, WriteBatch batch, List<Attachments.Held> held) {
    try {
      Document.checkId(sent.id());
      Document.checkBody(sent.id(), sent.body());
      Optional<String> refusal = checks.apply(sent);
      if (refusal.isPresent()) {
        return new GraftResult.Refused(sent.id(), sent.revision(), refusal.get());
      }
      Optional<Map<String, Attachment>> attachments = attachments(sent, held);
      if (!attachments.isPresent()) {
        return new GraftResult.Gone(sent.id(), sent.revision());
      }
      batch.together(sent.together());
      batch.graft(sent.id(), sent.path(), sent.body(), attachments.get(), sent.provenances());
      return null;
    } catch (PeerException e) {
      if (e.kind() == Kind.NOT_THERE) {
        return new GraftResult.Gone(sent.id(), sent.revision());
      }
      if (e.isTransient() || e.kind() == Kind.LOGIN_REFUSED) {
        throw e;
      }
      return new GraftResult.Refused(sent.id(), sent.revision(), String.valueOf(e.getMessage()));
    } catch (InvalidDocumentException | InvalidRevisionException e) {
      return new GraftResult.Refused(sent.id(), sent.revision(), String.valueOf(e.getMessage()));
    }
  }

  private List<GraftResult> write(List<SentRevision> batched, WriteBatch batch) {
    List<GraftResult> results = new ArrayList<>();
    try {
      List<WriteResult> written = database.writeEach(batch);
      for (int i = 0; i < written.size(); i++) {
        results.add(result(batched.get(i), written.get(i)));
      }
    } catch (InvalidDocumentException e) { // one that is too large holds up all of them
      if (batched.size() == 1) {
        SentRevision only = batched.get(0);
        return List.of(
            new GraftResult.Refused(only.id(), only.revision(), String.valueOf(e.getMessage())));
      }
      for (SentRevision each : batched) {
        results.addAll(write(List.of(each)));
      }
    }
    return results;
  }

  private static GraftResult result(SentRevision sent, WriteResult written) {
    if (written instanceof WriteResult.Refused refused) {
      String reason =
          refused.problems().stream().map(Object::toString).collect(Collectors.joining("; "));
      return new GraftResult.Refused(sent.id(), sent.revision(), reason);
    }
    if (written instanceof WriteResult.MissingAttachment missing) {
      // Somebody took it from the document that had it, since we looked.
      throw new PeerException(
          Kind.BUSY, null, "an attachment has gone meanwhile", "document", missing.id());
    }
    return new GraftResult.Taken(sent.id(), sent.revision());
  }

  /** Brings the bytes in. Empty if the source has them no more. */
  Optional<Map<String, Attachment>> attachments(SentRevision sent, List<Attachments.Held> held) {
    Map<String, Attachment> all = new TreeMap<>();
    Optional<Document> before =
        sent.attachments().isEmpty() ? Optional.empty() : nearestAncestor(sent);
    for (Map.Entry<String, SentAttachment> each : sent.attachments().entrySet()) {
      SentAttachment of = each.getValue();
      try {
        Attachment here =
            of instanceof LocalAttachment local
                ? copied(local, held)
                : known(before, each.getKey(), of).orElseGet(() -> uploaded(sent.id(), of, held));
        all.put(each.getKey(), here.withRevpos(of.revpos()));
      } catch (MissingAttachmentException e) {
        return Optional.empty();
      }
    }
    return Optional.of(all);
  }

  private Attachment copied(LocalAttachment from, List<Attachments.Held> held) {
    held.add(database.attachments().copy(from.database(), from.attachment()));
    return from.attachment();
  }

  private Optional<Document> nearestAncestor(SentRevision sent) {
    List<RevisionId> path = sent.path().ids();
    return database.inspect(
        sent.id(),
        known ->
            path.subList(1, path.size()).stream()
                .map(known::get)
                .filter(Optional::isPresent)
                .map(Optional::get)
                .findFirst());
  }

  /** The same attachment of an ancestor, which does not have to come once more. */
  private static Optional<Attachment> known(
      Optional<Document> ancestor, String name, SentAttachment sought) {
    return ancestor
        .filter(document -> document.revision().generation() >= sought.revpos())
        .map(document -> document.attachments().get(name))
        .filter(a -> a.digest().equals(sought.digest()) && a.length() == sought.length());
  }

  private Attachment uploaded(String id, SentAttachment from, List<Attachments.Held> held) {
    Attachment stored = upload(from, true, held);
    boolean isWhole = stored.digest().equals(from.digest());
    if (!isWhole && stored.encoding() != null) {
      stored = upload(from, false, held); // compressed on the way, and not where it is stored
    }
    if (stored.length() != from.length()) {
      throw new PeerException(
          Kind.WRONG_ANSWER,
          null,
          "the attachment is not as long as the source says",
          "document",
          id,
          "bytes",
          stored.length(),
          "expected",
          from.length());
    }
    return stored;
  }

  private Attachment upload(SentAttachment from, boolean asStored, List<Attachments.Held> held) {
    try (SentAttachment.Opened bytes = from.open(asStored)) {
      AttachmentUpload upload =
          bytes.encoding() == null
              ? database.attachments().begin(from.contentType())
              : database.attachments().beginEncoded(from.contentType(), from.length());
      held.add(upload);
      byte[] buffer = new byte[BUFFER_BYTES];
      long left = bytes.encoding() == null ? from.length() : Long.MAX_VALUE;
      for (int count = bytes.in().read(buffer); count >= 0; count = bytes.in().read(buffer)) {
        left -= count;
        if (left < 0) {
          break; // it is longer than it says, endless perhaps
        }
        upload.write(buffer, 0, count);
      }
      if (left < 0) {
        throw new PeerException(
            Kind.WRONG_ANSWER, null, "an attachment is longer than the source says");
      }
      return upload.finish();
    } catch (IOException e) {
      throw new PeerException(Kind.UNREACHABLE, e, "an attachment broke off");
    }
  }
}
