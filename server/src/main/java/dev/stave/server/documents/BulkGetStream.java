package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.wire.IncomingDocument;
import dev.stave.sync.http.RevisionWriter;
import dev.stave.sync.http.SentBytes;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code _bulk_get} answers to a Stave: {@link RevisionWriter}. */
final class BulkGetStream implements Reply {

  /** Attachments that came with a revision travel with it if they have no more bytes together. */
  private static final int INLINE_BYTES = 64 << 10;

  private final Database database;
  private final Map<String, List<RevisionId>> wanted = new LinkedHashMap<>();

  /**
   * @throws HttpException 400 if one of {@code docs} does not say which revision it is to be
   */
  BulkGetStream(JsonNode docs, Database database) {
    this.database = database;
    for (JsonNode each : docs) {
      if (!each.path("id").isTextual()) {
        throw HttpException.badRequest("document id missed");
      }
      String id = IncomingDocument.checkId(each.get("id").textValue());
      RevisionId revision = IncomingDocument.revision(each.path("rev").textValue());
      wanted.computeIfAbsent(id, none -> new ArrayList<>()).add(revision);
    }
  }

  @Override
  public void send(Request request) throws IOException {
    request.begin(200, Map.of("Content-Type", RevisionWriter.MEDIA_TYPE));
    OutputStream out = request.compressedOutput(); // closed if all went well: else it breaks off
    try {
      out.write(RevisionWriter.head());
      Set<Wanted> missing = new LinkedHashSet<>();
      wanted.forEach((id, all) -> all.forEach(each -> missing.add(new Wanted(id, each))));
      LocalPeer.of(database)
          .read(
              wanted,
              new Peer.RevisionVisitor() {
                @Override
                public void take(SentRevision sent) {
                  missing.remove(new Wanted(sent.id(), sent.revision()));
                  try {
                    out.write(RevisionWriter.frame(sent, inline(sent)));
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }

                @Override
                public void refuse(String id, RevisionId revision, String reason) {
                  throw new IllegalStateException("a database of ours refuses what it has");
                }
              });
      for (Wanted each : missing) {
        out.write(RevisionWriter.missing(each.id(), each.revision()));
      }
      out.write(RevisionWriter.end());
      out.close();
    } catch (UncheckedIOException e) {
      throw e.getCause(); // the client is gone
    }
  }

  private record Wanted(String id, RevisionId revision) {}

  private static Map<String, SentBytes> inline(SentRevision sent) {
    Map<String, SentBytes> inline = new HashMap<>();
    long left = INLINE_BYTES;
    for (Map.Entry<String, SentAttachment> each : sent.attachments().entrySet()) {
      SentAttachment of = each.getValue();
      left -= of.revpos() == sent.revision().generation() ? of.stored().length() : 0;
      if (left >= 0 && of.revpos() == sent.revision().generation()) {
        try {
          inline.put(each.getKey(), SentBytes.of(of));
        } catch (PeerException e) {
          return Map.of(); // the document moves on: who fetches it is told so
        }
      }
    }
    return inline;
  }
}
