package dev.stave.server.documents;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Attachments;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.wire.IncomingAttachment;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.sync.http.SentBytes;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The attachments that come with the documents of one request: brings bytes in, and finds those
 * that are there. Close it when the documents are written.
 */
public final class SentAttachments implements AutoCloseable {

  private final Database database;
  private final HttpLimits limits;
  private final Map<String, Attachment> followed; // by name: parts of a multipart body
  private final List<Attachments.Held> held = new ArrayList<>();
  private long inflated; // what came compressed with documents, as long as it is read

  public SentAttachments(Database database, HttpLimits limits) {
    this(database, limits, Map.of());
  }

  /** With what came in parts of their own, which somebody else holds. */
  public SentAttachments(Database database, HttpLimits limits, Map<String, Attachment> followed) {
    this.database = database;
    this.limits = limits;
    this.followed = followed;
  }

  /**
   * All that {@code document} has.
   *
   * @param ancestors what it is an edit of, the nearest first: there is what it names as a stub
   * @param isEdit whether it is new, and may be stored as we like; what another peer made stays as
   *     it is there, since merges are named by how it is stored
   * @throws HttpException 412 if a stub is of nothing
   */
  Map<String, Attachment> of(
      String id, IncomingDocument document, List<RevisionId> ancestors, boolean isEdit) {
    Map<String, Attachment> all = new TreeMap<>();
    Map<String, Attachment> before = null;
    for (Map.Entry<String, IncomingAttachment> each : document.attachments().entrySet()) {
      String name = each.getKey();
      IncomingAttachment sent = each.getValue();
      Attachment found;
      if (sent instanceof IncomingAttachment.Inline inline) {
        found = store(name, inline, isEdit).withRevpos(inline.revpos());
      } else if (sent instanceof IncomingAttachment.Follows) {
        found = followed.get(name);
        if (found == null) {
          throw HttpException.badRequest("no part of the body has attachment " + name);
        }
      } else {
        before = before == null ? attachmentsOf(id, ancestors) : before;
        found = before.get(name);
        if (found == null) {
          throw missing(id, name);
        }
      }
      all.put(name, found);
    }
    return all;
  }

  /**
   * The same of a revision that a Stave sends.
   *
   * @throws HttpException 412 if one neither came with it nor is here
   */
  Map<String, Attachment> of(SentRevision sent) {
    Map<String, Attachment> all = new TreeMap<>();
    Map<String, Attachment> before = null;
    List<RevisionId> path = sent.path().ids();
    for (Map.Entry<String, SentAttachment> each : sent.attachments().entrySet()) {
      String name = each.getKey();
      Attachment found;
      if (each.getValue() instanceof SentBytes bytes) {
        found = store(name, bytes).withRevpos(bytes.revpos());
      } else {
        before = before == null ? attachmentsOf(sent.id(), path.subList(1, path.size())) : before;
        found = before.get(name);
        if (found == null) {
          throw missing(sent.id(), name);
        }
      }
      all.put(name, found);
    }
    return all;
  }

  private Attachment store(String name, SentBytes sent) {
    checkLength(name, sent.length(), limits);
    boolean isEncoded = sent.encoding() != null;
    if (!isEncoded && sent.bytes().length != sent.length()) {
      throw notAsLong(name);
    }
    inflated += isEncoded ? sent.length() : 0;
    if (inflated > limits.bulkBodyBytes()) {
      throw HttpException.tooLarge("too_large", limits.bulkBodyBytes());
    }
    AttachmentUpload upload =
        isEncoded
            ? database.attachments().beginEncoded(sent.contentType(), sent.length())
            : database.attachments().begin(sent.contentType());
    held.add(upload);
    upload.write(sent.bytes());
    Attachment stored = upload.finish();
    return isEncoded ? measured(database, name, stored, sent.length()) : stored;
  }

  private static HttpException notAsLong(String name) {
    return HttpException.badRequest("attachment " + name + " is not as long as its length says");
  }

  private static HttpException missing(String id, String name) {
    return new HttpException(
        412, "missing_stub", "Invalid attachment stub in " + id + " for " + name);
  }

  /** Of the nearest that is kept. */
  private Map<String, Attachment> attachmentsOf(String id, List<RevisionId> ancestors) {
    return database.inspect(
        id,
        known ->
            ancestors.stream()
                .map(known::get)
                .flatMap(Optional::stream)
                .findFirst()
                .<Map<String, Attachment>>map(Document::attachments)
                .orElse(Map.of()));
  }

  private Attachment store(String name, IncomingAttachment.Inline inline, boolean isEdit) {
    checkLength(name, inline.bytes().length, limits);
    AttachmentUpload upload = begin(database, inline.contentType(), isEdit);
    held.add(upload);
    upload.write(inline.bytes());
    return upload.finish();
  }

  /** Begins an upload: of an edit, compressed if CouchDB would. */
  static AttachmentUpload begin(Database database, String contentType, boolean isEdit) {
    return isEdit && isCompressible(contentType)
        ? database.attachments().beginCompressed(contentType)
        : database.attachments().begin(contentType);
  }

  /** What CouchDB compresses unless it is told otherwise. */
  static boolean isCompressible(String contentType) {
    String type = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.equals("application/javascript")
        || type.equals("application/json")
        || type.equals("application/xml");
  }

  static void checkLength(String name, long length, HttpLimits limits) {
    if (length > limits.attachmentBytes()) {
      throw new HttpException(
          413,
          "attachment_too_large",
          name + " is larger than max_attachment_size, " + limits.attachmentBytes() + " bytes");
    }
  }

  /**
   * The same, with the length that it has when it is decompressed, which is known only then.
   *
   * @throws HttpException 400 if it was not compressed by gzip
   */
  static Attachment measured(Database database, String name, Attachment stored) {
    return measured(database, name, stored, -1);
  }

  /**
   * @param expected as long it has to be; -1 if that is not known
   */
  private static Attachment measured(
      Database database, String name, Attachment stored, long expected) {
    long length = 0;
    byte[] buffer = new byte[64 << 10];
    try (InputStream in = new GZIPInputStream(database.attachments().openStored(stored))) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        length += count;
        if (expected >= 0 && length > expected) {
          throw notAsLong(name);
        }
      }
    } catch (IOException e) {
      throw HttpException.badRequest("attachment " + name + " is not encoded by gzip");
    }
    if (expected >= 0 && length != expected) {
      throw notAsLong(name);
    }
    return new Attachment(
        stored.contentType(),
        length,
        stored.sha256(),
        stored.digest(),
        stored.encoding(),
        stored.storedLength(),
        stored.revpos());
  }

  /** What an edit of {@code parent} is an edit of. */
  static List<RevisionId> ancestors(@Nullable RevisionId parent) {
    return parent == null ? List.of() : List.of(parent);
  }

  @Override
  public void close() {
    held.forEach(Attachments.Held::close);
    held.clear();
  }
}
