package dev.stave.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.Replication;
import dev.stave.sync.http.HttpPeer;
import dev.stave.sync.http.RevisionWriter;
import dev.stave.sync.http.SentBytes;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** A server that a conflict is pushed to gets what it takes to merge it. */
class BasesOverHttpTest extends ServerPeerTest {

  private RevisionId first;

  private static JsonObject body(String json) {
    return JsonObject.parse(json);
  }

  /** A document that was edited here and elsewhere, with an attachment from its beginning on. */
  private void diverge() {
    try (AttachmentUpload upload = here.attachments().begin("text/plain")) {
      upload.write("a note".getBytes(UTF_8));
      JsonObject base = body("{\"x\": 1, \"y\": 1}");
      here.write(new WriteBatch().put("a", null, base, Map.of("n", upload.finish())));
    }
    first = here.get("a").orElseThrow().revision();
    try (Database other = Database.inMemory()) {
      Replication.run(here, other);
      other.put("a", first, body("{\"x\": 1, \"y\": 2}"));
      here.put("a", first, body("{\"x\": 2, \"y\": 1}"));
      Replication.run(other, here);
    }
  }

  private void push() {
    Replication.run(LocalPeer.of(here), peer);
  }

  private void assertMergesThere() {
    assertThat(there.get("a", first)).isEqualTo(here.get("a", first));
    MergeRequests requests = MergeRequests.of(there);
    Preview preview = requests.preview(requests.openOf("a").orElseThrow());
    assertThat(requests.mergeByPolicy(preview.request())).isInstanceOf(MergeOutcome.Merged.class);
    assertThat(there.get("a").map(Document::body)).contains(body("{\"x\": 2, \"y\": 2}"));
  }

  @Test
  void push_ofAConflict_givesItsBase() {
    diverge();

    push();

    assertMergesThere();
  }

  /**
   * Whoever pushed the conflict knew of no bases: the next run that begins looks at all of them.
   */
  @Test
  void push_whereTheConflictIsAlready_givesItsBase() {
    diverge();
    try (HttpPeer older = new OlderStaveTest().connect(at("/db"))) {
      Replication.run(LocalPeer.of(here), older);
    }
    assertThat(there.tree("a").missingBases()).containsExactly(first);

    push();

    assertMergesThere();
  }

  @Test
  void bases_thatNobodyMisses_areNotKept() {
    RevisionId known = there.put("b", body("{}"));
    long before = there.lastSequence();
    peer.identity(); // says what it knows

    for (String id : List.of("b", "none")) {
      RevisionPath path = new RevisionPath(List.of(known), false);
      JsonObject other = body("{\"forged\": true}");
      peer.giveBases(List.of(new SentRevision(id, path, other, Map.of(), Map.of(), List.of())));
    }

    assertThat(there.lastSequence()).isEqualTo(before);
    assertThat(there.get("b").map(Document::body)).contains(body("{}"));
    assertThat(there.get("none")).isEmpty();
  }

  @Test
  void endpoints_tellOfConflicts_andRefuseWhatIsNoStream() {
    diverge();
    push();

    assertThat(get("/db/_open_conflicts").json().toString()).isEqualTo("{\"docs\":[\"a\"]}");
    assertThat(get("/db/_open_conflicts?after=a").json().get("docs")).isEmpty();
    assertThat(post("/db/_missing_bases", "{'docs': ['a', 'none', '_x']}").json().toString())
        .isEqualTo("{\"missing\":{}}");
    assertThat(post("/db/_missing_bases", "{}").status()).isEqualTo(400);
    assertThat(post("/db/_bases", "{}").status()).isEqualTo(415);
  }

  /** Attachments that are not what they say they are, some of them without end. */
  @Test
  void stream_attachmentsThatLie_areRefused_andNothingOfThemIsKept() throws IOException {
    ByteArrayOutputStream zeros = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zeros)) {
      out.write(new byte[8 << 20]);
    }
    byte[] bomb = zeros.toByteArray();
    for (SentBytes lie :
        List.of(
            new SentBytes("image/png", 1, "md5-x", 1, "gzip", bomb),
            new SentBytes("image/png", 64L << 30, "md5-x", 1, "gzip", bomb),
            new SentBytes("image/png", 9, "md5-x", 1, "gzip", new byte[9]),
            new SentBytes("image/png", 5, "md5-x", 1, null, new byte[9]))) {
      Answer bulk = stream("/db/_bulk_docs", lie);
      Answer bases = stream("/db/_bases", lie);

      assertThat(bulk.status()).isEqualTo(201);
      assertThat(bulk.json()).hasSize(1);
      assertThat(bulk.json().get(0).get("error").asText()).isIn("bad_request", "too_large");
      assertThat(bases.status()).isIn(400, 413);
      assertThat(there.get("x")).isEmpty();
    }
    assertThat(there.attachments().totals().count()).isZero();
  }

  private Answer stream(String path, SentBytes attachment) throws IOException {
    RevisionPath of = new RevisionPath(List.of(RevisionId.parse("1-" + "a".repeat(32))), false);
    SentRevision sent =
        new SentRevision("x", of, body("{}"), Map.of("n", attachment), Map.of(), List.of());
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.write(RevisionWriter.head());
    stream.write(RevisionWriter.frame(sent, Map.of("n", attachment)));
    stream.write(RevisionWriter.end());
    return send(
        request(path, "Content-Type", RevisionWriter.MEDIA_TYPE)
            .POST(BodyPublishers.ofByteArray(stream.toByteArray())));
  }
}
