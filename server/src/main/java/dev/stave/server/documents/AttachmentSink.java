package dev.stave.server.documents;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamedBody;
import dev.stave.server.script.ScriptPool;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code PUT /{db}/{id}/{name}}: the body is an attachment. */
public final class AttachmentSink implements StreamedBody.Sink {

  private static final HttpString CONTENT_MD5 = new HttpString("Content-MD5");

  private final ScriptPool scripts;
  private final Request request;
  private final Database database;
  private final String id;
  private final String name;
  private final @Nullable RevisionId parent;
  private final boolean isEncoded;
  private final Optional<String> toldDigest;
  private final MessageDigest md5 = md5();
  private final AttachmentUpload upload;
  private long length;

  /** Refuses, before the body comes in, what cannot be written. */
  public AttachmentSink(Request request, Database database, ScriptPool scripts) {
    this.scripts = scripts;
    this.request = request;
    this.database = database;
    this.id = AttachmentEndpoint.id(request);
    this.name = AttachmentEndpoint.name(request);
    this.parent = DocumentEndpoint.parent(request, null);
    AttachmentEndpoint.checkIsLeaf(database, id, parent);
    SentAttachments.checkLength(name, request.contentLength(), request.limits());
    this.isEncoded = isEncoded(request);
    this.toldDigest = request.header(CONTENT_MD5);
    String type = AttachmentEndpoint.contentType(request);
    this.upload =
        isEncoded
            ? database.attachments().beginEncoded(type, 0) // how long, is known at the end
            : SentAttachments.begin(database, type, true);
  }

  private static boolean isEncoded(Request request) {
    String encoding = request.header(Headers.CONTENT_ENCODING).orElse("identity");
    if (!encoding.equalsIgnoreCase("identity") && !encoding.equalsIgnoreCase(Attachment.GZIP)) {
      throw new HttpException(
          415, "bad_ctype", "Only gzip and identity content-encodings are supported");
    }
    return encoding.equalsIgnoreCase(Attachment.GZIP);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  @Override
  public void take(byte[] bytes, int count) {
    length += count;
    SentAttachments.checkLength(name, length, request.limits());
    md5.update(bytes, 0, count);
    upload.write(bytes, 0, count);
  }

  @Override
  public Reply end() {
    String digest = Base64.getEncoder().encodeToString(md5.digest());
    if (toldDigest.filter(told -> !told.equals(digest)).isPresent()) {
      throw new HttpException(400, "content_md5_mismatch", "Possible message corruption.");
    }
    Attachment stored = upload.finish();
    Attachment attachment = isEncoded ? SentAttachments.measured(database, name, stored) : stored;
    AttachmentEndpoint.check(scripts, request, database, id, parent);
    RevisionId revision = database.attachments().put(id, parent, name, attachment);
    return AttachmentEndpoint.written(request, id, revision);
  }

  @Override
  public void close() {
    upload.close();
  }
}
