package dev.stave.server.documents;

import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.OwnBytes;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an attachment, or a range of them, sent while they are read: as they are stored, if
 * the client takes that encoding, and else decoded.
 */
final class AttachmentReply implements Reply {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final Pattern GZIP_REFUSED = Pattern.compile("gzip\\s*;\\s*q=0(\\.0*)?\\s*");

  /** From the one (included) to the other (included). */
  private record Range(long first, long last) {
    long length() {
      return last - first + 1;
    }
  }

  private final Database database;
  private final Attachment attachment;
  private final boolean asStored;
  private final @Nullable Range range;
  private final Map<String, String> headers = new HashMap<>();

  private AttachmentReply(
      Database database, Attachment attachment, boolean asStored, @Nullable Range range) {
    this.database = database;
    this.attachment = attachment;
    this.asStored = asStored;
    this.range = range;
  }

  static String md5(Attachment attachment) {
    return attachment.digest().substring("md5-".length());
  }

  static Reply of(Request request, Database database, Attachment attachment, String etag) {
    boolean isPlain = attachment.encoding() == null;
    boolean asStored = isPlain || takesGzip(request);
    Range range = isPlain ? range(request, attachment.length(), etag) : null;
    AttachmentReply reply = new AttachmentReply(database, attachment, asStored, range);
    reply.headers.put("Content-Type", attachment.contentType());
    reply.headers.put("ETag", etag);
    reply.headers.put("Accept-Ranges", isPlain ? "bytes" : "none");
    reply.headers.put("Content-Length", Long.toString(reply.length()));
    if (!isPlain) {
      reply.headers.put("Vary", "Accept-Encoding");
    }
    if (!isPlain && asStored) {
      reply.headers.put("Content-Encoding", Attachment.GZIP);
    }
    if (range != null) {
      String of = range.first() + "-" + range.last() + "/" + attachment.length();
      reply.headers.put("Content-Range", "bytes " + of);
    } else if (asStored) {
      reply.headers.put("Content-MD5", md5(attachment));
    }
    return reply;
  }

  private long length() {
    if (range != null) {
      return range.length();
    }
    return asStored ? attachment.storedLength() : attachment.length();
  }

  private static boolean takesGzip(Request request) {
    for (String each : request.header(Headers.ACCEPT_ENCODING).orElse("").split(",")) {
      String coding = each.trim().toLowerCase(Locale.ROOT);
      if (coding.startsWith("gzip") && !GZIP_REFUSED.matcher(coding).matches()) {
        return true;
      }
    }
    return false;
  }

  /** The one range that is asked for; null for all of it, as several are answered too. */
  private static @Nullable Range range(Request request, long length, String etag) {
    Matcher asked = RANGE.matcher(request.header(Headers.RANGE).orElse("").trim());
    boolean isSame = request.header(Headers.IF_RANGE).filter(t -> !t.equals(etag)).isEmpty();
    if (!asked.matches() || !isSame || asked.group(1).isEmpty() && asked.group(2).isEmpty()) {
      return null;
    }
    long first;
    long last = length - 1;
    if (asked.group(1).isEmpty()) {
      first = Math.max(0, length - Long.parseLong(asked.group(2)));
    } else {
      first = Long.parseLong(asked.group(1));
      if (!asked.group(2).isEmpty()) {
        long wanted = Long.parseLong(asked.group(2));
        if (wanted < first) {
          return null; // no range at all
        }
        last = Math.min(last, wanted);
      }
    }
    if (first > last) {
      throw HttpException.noSuchRange(length);
    }
    return new Range(first, last);
  }

  @Override
  public void send(Request request) throws IOException {
    try (InputStream in = open()) { // before anything is sent: it may be gone
      request.begin(range == null ? 200 : 206, headers);
      OutputStream out = request.output();
      if (request.isHead()) {
        out.flush(); // or it would say that there are no bytes
      } else {
        OwnBytes.copy(in::read, length(), out, "attachment " + attachment.digest());
      }
      out.close();
    }
  }

  private InputStream open() throws IOException {
    InputStream in =
        asStored
            ? database.attachments().openStored(attachment)
            : database.attachments().open(attachment);
    if (range != null) {
      in.skip(range.first()); // whole, since it is stored as it is
    }
    return in;
  }
}
