package dev.stave.server.exchange;

import dev.stave.document.Attachment;
import dev.stave.json.JsonLimits;
import dev.stave.query.QueryLimits;
import java.time.Duration;

/**
 * What a client may ask of the server. Over a limit a request is refused, never cut short.
 *
 * @param documentBytes one document's JSON without white space and underscore members; above: 413
 * @param documentBodyBytes the body of a request that writes one document, or asks; above: 413
 * @param bulkBodyBytes the body of a request that names many documents, or writes one with
 *     attachments in it; above: 413
 * @param attachmentBytes one attachment, CouchDB's {@code max_attachment_size}; above: 413
 * @param bodiesBytes the bodies of all requests under way together; above: 503
 * @param urlBytes path and query of a request, as they are sent; above: 414
 * @param headerBytes all headers of a request together; above, the connection is closed
 * @param headers how many headers a request has; above: 400
 * @param parseMillis time to send all headers; after it, the connection is closed
 * @param idleMillis time in which nothing is sent, in the middle of a request or between two; after
 *     it, the connection is closed
 * @param lingerBytes the rest of a body that was refused, which is read so that its client gets to
 *     read the refusal; above, the connection is closed
 * @param lingerMillis time to send that rest; after it, the connection is closed
 * @param streams live queries and continuous feeds that are open at once; above: 503
 * @param waitMillis the longest a change is waited for without a heartbeat
 * @param queryMillis how long a query, a count or a grouping may take; after it: 500 timeout
 * @param shutdownMillis time that requests have to finish when the server stops
 */
public record HttpLimits(
    int documentBytes,
    int documentBodyBytes,
    int bulkBodyBytes,
    long attachmentBytes,
    long bodiesBytes,
    int urlBytes,
    int headerBytes,
    int headers,
    int parseMillis,
    int idleMillis,
    long lingerBytes,
    int lingerMillis,
    int streams,
    int waitMillis,
    int queryMillis,
    int shutdownMillis) {

  /** The most ids that {@code _uuids} makes at once. */
  public static final int UUIDS = 1_000;

  public static final HttpLimits DEFAULT =
      new HttpLimits(
          JsonLimits.DEFAULT_MAX_BYTES,
          JsonLimits.DEFAULT_MAX_BYTES + (1 << 20),
          64 << 20,
          Attachment.MAX_BYTES,
          Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 8),
          16 << 10,
          64 << 10,
          100,
          30_000,
          120_000,
          128L << 20,
          30_000,
          10_000,
          60_000,
          60_000,
          10_000);

  /** These limits with another time for queries. */
  public HttpLimits withQueryMillis(int millis) {
    return new HttpLimits(
        documentBytes,
        documentBodyBytes,
        bulkBodyBytes,
        attachmentBytes,
        bodiesBytes,
        urlBytes,
        headerBytes,
        headers,
        parseMillis,
        idleMillis,
        lingerBytes,
        lingerMillis,
        streams,
        waitMillis,
        millis,
        shutdownMillis);
  }

  /** These limits with another length of attachments. */
  public HttpLimits withAttachmentBytes(long bytes) {
    return new HttpLimits(
        documentBytes,
        documentBodyBytes,
        bulkBodyBytes,
        bytes,
        bodiesBytes,
        urlBytes,
        headerBytes,
        headers,
        parseMillis,
        idleMillis,
        lingerBytes,
        lingerMillis,
        streams,
        waitMillis,
        queryMillis,
        shutdownMillis);
  }

  public QueryLimits query() {
    return new QueryLimits(Duration.ofMillis(queryMillis), Long.MAX_VALUE);
  }
}
