package dev.stave.server.exchange;

import dev.stave.document.Attachment;
import dev.stave.json.JsonLimits;
import dev.stave.query.QueryLimits;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a client may ask of the server. Over a limit a request is refused, never cut short.
 *
 * @param documentBytes one document's JSON without white space and underscore members; above: 413
 * @param documentBodyBytes the body of a request that writes one document, or asks; above: 413
 * @param bulkBodyBytes the body of a request that names many documents, or writes one with
 *     attachments in it; above: 413
 * @param attachmentBytes one attachment, CouchDB's {@code max_attachment_size}; above: 413
 * @param bodiesBytes the bodies of all requests under way together; above: 503
 * @param bodyBytesPerSecond the least that a body comes in with, and has to in each {@code
 *     idleMillis}; below: 408
 * @param urlBytes path and query of a request, as they are sent; above: 414
 * @param headerBytes all headers of a request together; above: 431, and above four times as much
 *     the connection is closed
 * @param headers how many headers a request has; above: 431, and above four times as many: 400
 * @param parseMillis time to send all headers; after it, the connection is closed
 * @param idleMillis time in which nothing is sent, or read by the client, in the middle of a
 *     request or between two; after it, the connection is closed
 * @param lingerBytes the rest of a body that was refused, which is read so that its client gets to
 *     read the refusal; above, the connection is closed
 * @param lingerMillis time to send that rest; after it, the connection is closed
 * @param requestsPerAddress requests of one address that are under way at once, those that wait for
 *     changes not counted; above: 429
 * @param streams live queries, continuous feeds, subscriptions and their WebSockets that are open
 *     at once; above: 503. Usually 20,000: room for 10,000 subscriptions of GraphQL, even if each
 *     has a WebSocket of its own, which takes a place as well
 * @param waitMillis the longest a change is waited for without a heartbeat
 * @param queryMillis how long a query, a count or a grouping may take; after it: 500 timeout
 * @param digestMillis how long it may take to answer one question of {@code _digest}, which reads
 *     the histories of all documents that it is about; after it: 500 timeout. Less than a peer
 *     waits for an answer, which is 90 seconds
 * @param shutdownMillis time that requests have to finish when the server stops
 */
public record HttpLimits(
    int documentBytes,
    int documentBodyBytes,
    int bulkBodyBytes,
    long attachmentBytes,
    long bodiesBytes,
    int bodyBytesPerSecond,
    int urlBytes,
    int headerBytes,
    int headers,
    int parseMillis,
    int idleMillis,
    long lingerBytes,
    int lingerMillis,
    int requestsPerAddress,
    int streams,
    int waitMillis,
    int queryMillis,
    int digestMillis,
    int shutdownMillis) {

  /** The most ids that {@code _uuids} makes at once. */
  public static final int UUIDS = 1_000;

  public static final HttpLimits DEFAULT = new Builder().build();

  /** These limits with those changed that {@code change} sets. */
  public HttpLimits with(Consumer<Builder> change) {
    Builder builder = new Builder();
    builder.documentBytes = documentBytes;
    builder.documentBodyBytes = documentBodyBytes;
    builder.bulkBodyBytes = bulkBodyBytes;
    builder.attachmentBytes = attachmentBytes;
    builder.bodiesBytes = bodiesBytes;
    builder.bodyBytesPerSecond = bodyBytesPerSecond;
    builder.urlBytes = urlBytes;
    builder.headerBytes = headerBytes;
    builder.headers = headers;
    builder.parseMillis = parseMillis;
    builder.idleMillis = idleMillis;
    builder.lingerBytes = lingerBytes;
    builder.lingerMillis = lingerMillis;
    builder.requestsPerAddress = requestsPerAddress;
    builder.streams = streams;
    builder.waitMillis = waitMillis;
    builder.queryMillis = queryMillis;
    builder.digestMillis = digestMillis;
    builder.shutdownMillis = shutdownMillis;
    change.accept(builder);
    return builder.build();
  }

  public QueryLimits query() {
    return new QueryLimits(Duration.ofMillis(queryMillis), Long.MAX_VALUE);
  }

  /** Limits to be, the default's at first. */
  public static final class Builder {
    public int documentBytes = JsonLimits.DEFAULT_MAX_BYTES;
    public int documentBodyBytes = JsonLimits.DEFAULT_MAX_BYTES + (1 << 20);
    public int bulkBodyBytes = 64 << 20;
    public long attachmentBytes = Attachment.MAX_BYTES;
    public long bodiesBytes = Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 8);
    public int bodyBytesPerSecond = 1 << 10;
    public int urlBytes = 16 << 10;
    public int headerBytes = 64 << 10;
    public int headers = 100;
    public int parseMillis = 30_000;
    public int idleMillis = 120_000;
    public long lingerBytes = 128L << 20;
    public int lingerMillis = 30_000;
    public int requestsPerAddress = 1_024;
    public int streams = 20_000;
    public int waitMillis = 60_000;
    public int queryMillis = 60_000;
    public int digestMillis = 60_000;
    public int shutdownMillis = 10_000;

    private Builder() {}

    private HttpLimits build() {
      return new HttpLimits(
          documentBytes,
          documentBodyBytes,
          bulkBodyBytes,
          attachmentBytes,
          bodiesBytes,
          bodyBytesPerSecond,
          urlBytes,
          headerBytes,
          headers,
          parseMillis,
          idleMillis,
          lingerBytes,
          lingerMillis,
          requestsPerAddress,
          streams,
          waitMillis,
          queryMillis,
          digestMillis,
          shutdownMillis);
    }
  }
}
