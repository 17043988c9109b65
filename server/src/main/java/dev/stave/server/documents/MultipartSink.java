package dev.stave.server.documents;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.MultipartParser;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.StreamedBody;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.wire.IncomingAttachment;
import dev.stave.server.wire.IncomingDocument;
import io.undertow.util.Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code PUT /{db}/{id}} as {@code multipart/related}: first the document, then a part for each
 * attachment that {@code follows}, named by {@code Content-Disposition} or in the document's order.
 */
public final class MultipartSink implements StreamedBody.Sink {

  public static final String RELATED = "multipart/related";

  private static final Pattern BOUNDARY =
      Pattern.compile(
          ";\\s*boundary\\s*=\\s*(?:\"([^\"]*)\"|([^\\s;]+))", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILENAME =
      Pattern.compile(";\\s*filename\\s*=\\s*\"((?:[^\"\\\\]|\\\\.)*)\"", Pattern.CASE_INSENSITIVE);

  private final ScriptPool scripts;
  private final Request request;
  private final Database database;
  private final MultipartParser parser;
  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private final Map<String, IncomingAttachment.Follows> waiting = new LinkedHashMap<>();
  private final Map<String, Attachment> arrived = new HashMap<>();
  private final List<AttachmentUpload> uploads = new ArrayList<>();
  private @Nullable IncomingDocument document;

  public MultipartSink(Request request, Database database, ScriptPool scripts) {
    this.scripts = scripts;
    this.request = request;
    this.database = database;
    Matcher boundary = BOUNDARY.matcher(request.header(Headers.CONTENT_TYPE).orElse(""));
    if (!boundary.find()) {
      throw HttpException.badRequest("a multipart body needs a boundary in its Content-Type");
    }
    String quoted = boundary.group(1);
    this.parser =
        new MultipartParser(quoted == null ? boundary.group(2) : quoted, new DocumentAndParts());
  }

  /** The first part is the document. */
  private final class DocumentAndParts implements MultipartParser.Parts {
    private @Nullable Part part;
    private boolean anyBegun;

    @Override
    public void begin(Map<String, String> headers) {
      if (anyBegun) {
        part = new Part(headers);
      }
      anyBegun = true;
    }

    @Override
    public void take(byte[] bytes, int from, int length) {
      Part now = part;
      if (now != null) {
        now.take(bytes, from, length);
        return;
      }
      int limit = request.limits().documentBodyBytes();
      if (json.size() + length > limit) {
        throw HttpException.tooLarge("too_large", limit);
      }
      json.write(bytes, from, length);
    }

    @Override
    public void end() {
      Part now = part;
      if (now != null) {
        now.end();
        return;
      }
      IncomingDocument read = IncomingDocument.parse(json.toByteArray());
      document = read;
      read.attachments()
          .forEach(
              (name, attachment) -> {
                if (attachment instanceof IncomingAttachment.Follows follows) {
                  waiting.put(name, follows);
                }
              });
    }
  }

  /** One attachment on its way. */
  private final class Part {
    private final String name;
    private final IncomingAttachment.Follows told;
    private final AttachmentUpload upload;
    private long length;

    Part(Map<String, String> headers) {
      if (waiting.isEmpty()) {
        throw HttpException.badRequest("a part follows that no attachment of the document is");
      }
      Matcher filename = FILENAME.matcher(headers.getOrDefault("content-disposition", ""));
      String named = filename.find() ? filename.group(1).replaceAll("\\\\(.)", "$1") : "";
      name = waiting.containsKey(named) ? named : waiting.keySet().iterator().next();
      told = Objects.requireNonNull(waiting.remove(name));
      upload =
          told.encoding() == null
              ? SentAttachments.begin(
                  database, told.contentType(), request.parameters().flag("new_edits", true))
              : database.attachments().beginEncoded(told.contentType(), Math.max(0, told.length()));
      uploads.add(upload);
    }

    void take(byte[] bytes, int from, int count) {
      length += count;
      SentAttachments.checkLength(name, length, request.limits());
      upload.write(bytes, from, count);
    }

    void end() {
      long expected = told.encoding() == null ? told.length() : told.encodedLength();
      if (expected >= 0 && expected != length) {
        throw HttpException.badRequest(
            "attachment " + name + " has " + length + " bytes, and not " + expected);
      }
      Attachment stored = upload.finish();
      boolean isUnmeasured = told.encoding() != null && told.length() < 0;
      Attachment whole = isUnmeasured ? SentAttachments.measured(database, name, stored) : stored;
      arrived.put(name, whole.withRevpos(told.revpos()));
    }
  }

  @Override
  public void take(byte[] bytes, int length) {
    parser.take(bytes, length);
  }

  @Override
  public Reply end() {
    parser.finish();
    IncomingDocument read = document;
    if (read == null) {
      throw HttpException.badRequest("the multipart body has no part with the document");
    }
    try (SentAttachments attachments = new SentAttachments(database, request.limits(), arrived)) {
      return DocumentEndpoint.put(request, database, read, attachments, scripts);
    }
  }

  @Override
  public void close() {
    uploads.forEach(AttachmentUpload::close);
  }
}
