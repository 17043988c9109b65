package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.http.SentBytes;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is pushed is made ready before it is its turn. */
class PushAheadTest extends ServerPeerTest {

  private static final JsonObject BODY = JsonObject.parse("{}");
  private static final JsonObject EDITED = JsonObject.parse("{\"n\": 1}");

  @Test
  void prepare_notWrittenYet_isNotThere() {
    RevisionPath path = new RevisionPath(List.of(RevisionId.parse("1-" + "a".repeat(32))), false);
    SentRevision sent = new SentRevision("a", path, BODY, Map.of(), Map.of(), List.of());

    Peer.PreparedGraft ready = peer.prepare(List.of(sent));

    assertThat(there.get("a")).isEmpty();
    assertThat(ready.write()).containsExactly(new GraftResult.Taken("a", sent.revision()));
    assertThat(there.get("a")).isPresent();
  }

  @Test
  void push_ofManyBatches_arrivesInTheOrderOfTheSource() {
    for (int i = 0; i < 200; i++) {
      here.put("d" + i, BODY);
    }
    for (int i = 0; i < 200; i += 3) {
      here.put("d" + i, here.get("d" + i).orElseThrow().revision(), EDITED);
    }

    ReplicationOptions options = ReplicationOptions.DEFAULT.withBatchSize(7);
    try (Replication push = Replication.of(LocalPeer.of(here), peer, options)) {
      push.start().await();
    }

    assertThat(there.changes(0, 1_000).stream().map(Change::id).toList())
        .isEqualTo(here.changes(0, 1_000).stream().map(Change::id).toList());
  }

  /** All attachments of a batch were in memory before the first of its requests was sent. */
  @Test
  void write_manyAttachments_areReadForAboutOneRequestAtATime() throws Exception {
    byte[] photo = new byte[60_000];
    new Random(1).nextBytes(photo);
    byte[] md5 = MessageDigest.getInstance("MD5").digest(photo);
    String digest = "md5-" + Base64.getEncoder().encodeToString(md5);
    SentBytes bytes = new SentBytes("image/png", photo.length, digest, 1, null, photo);
    Photos photos = new Photos();
    List<SentRevision> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      RevisionPath path = new RevisionPath(List.of(RevisionId.parse("1-" + "a".repeat(32))), false);
      Map<String, SentAttachment> attached = Map.of("photo", photos.counted(bytes));
      sent.add(new SentRevision("d" + i, path, BODY, attached, Map.of(), List.of()));
    }

    peer.identity(); // and so is what it is, which takes a stream
    Peer.PreparedGraft ready = peer.prepare(sent);
    assertThat(photos.read).isBetween(60, 80);
    assertThat(ready.write()).allMatch(GraftResult.Taken.class::isInstance);

    assertThat(photos.read).isEqualTo(300);
    assertThat(photos.mostAhead).isLessThanOrEqualTo(80);
    assertThat(there.count()).isEqualTo(300);
    assertThat(there.get("d299").orElseThrow().attachments()).containsKey("photo");
  }

  /** Counts what is read of them, and how much of that is not at the server. */
  private final class Photos {
    int read;
    long mostAhead;

    SentAttachment counted(SentBytes bytes) {
      return new SentAttachment() {
        @Override
        public String contentType() {
          return bytes.contentType();
        }

        @Override
        public long length() {
          return bytes.length();
        }

        @Override
        public String digest() {
          return bytes.digest();
        }

        @Override
        public int revpos() {
          return bytes.revpos();
        }

        @Override
        public Stored stored() {
          return bytes.stored();
        }

        @Override
        public Opened open(boolean asStored) {
          read++;
          mostAhead = Math.max(mostAhead, read - there.count());
          return bytes.open(asStored);
        }
      };
    }
  }
}
