package dev.stave.sync.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.ByteWriter;
import dev.stave.json.JsonObject;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The binary form of revisions: golden cases, and what is at its limits. */
class RevisionStreamTest {

  private static final int LIMIT = 1 << 20;

  static Stream<JsonNode> vectors(String kind) throws IOException {
    Path file = Path.of("..", "spec", "vectors", "revision-stream.json");
    List<JsonNode> cases = new ArrayList<>();
    JsonObject.parse(Files.readAllBytes(file)).sharedTree().get("cases").forEach(cases::add);
    List<JsonNode> ofKind =
        cases.stream().filter(each -> each.get("kind").textValue().equals(kind)).toList();
    assertThat(ofKind).isNotEmpty();
    return ofKind.stream();
  }

  static Stream<JsonNode> found() throws IOException {
    return vectors("found");
  }

  static Stream<JsonNode> refused() throws IOException {
    return vectors("refused");
  }

  private static SentRevision sent(JsonNode vector) {
    List<RevisionId> ids = new ArrayList<>();
    vector.get("path").forEach(id -> ids.add(RevisionId.parse(id.textValue())));
    Map<RevisionId, Provenance> told = new HashMap<>();
    for (JsonNode each : vector.path("provenances")) {
      JsonNode time = each.path("time");
      told.put(
          ids.get(each.get("place").intValue()),
          new Provenance(
              each.path("author").textValue(),
              time.isMissingNode() ? null : new HybridTime(time.longValue()),
              each.path("reason").textValue()));
    }
    Map<String, SentAttachment> attachments = new HashMap<>();
    for (JsonNode each : vector.path("attachments")) {
      String type = each.get("type").textValue();
      long length = each.get("length").longValue();
      String digest = each.get("digest").textValue();
      int revpos = each.get("revpos").intValue();
      attachments.put(
          each.get("name").textValue(),
          each.has("bytes")
              ? new SentBytes(
                  type,
                  length,
                  digest,
                  revpos,
                  each.path("encoding").textValue(),
                  HexFormat.of().parseHex(each.get("bytes").textValue()))
              : new RevisionReader.Stub(type, length, digest, revpos));
    }
    return new SentRevision(
        vector.get("id").textValue(),
        new RevisionPath(ids, vector.path("deleted").booleanValue()),
        JsonObject.parse(vector.get("body").textValue()),
        attachments,
        told,
        List.of(),
        vector.path("together").longValue());
  }

  private static Map<String, SentBytes> inline(SentRevision sent) {
    Map<String, SentBytes> inline = new HashMap<>();
    sent.attachments()
        .forEach(
            (name, of) -> {
              if (of instanceof SentBytes bytes) {
                inline.put(name, bytes);
              }
            });
    return inline;
  }

  private static RevisionReader reader(byte[] stream, int limit) {
    return new RevisionReader(
        new ByteArrayInputStream(stream), limit, (id, revision, name, told) -> told);
  }

  private static byte[] stream(byte[]... frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(RevisionWriter.head());
    for (byte[] frame : frames) {
      out.writeBytes(frame);
    }
    out.writeBytes(RevisionWriter.end());
    return out.toByteArray();
  }

  private static String shown(SentRevision sent) {
    StringBuilder attachments = new StringBuilder();
    sent.attachments().keySet().stream()
        .sorted()
        .forEach(
            name -> {
              SentAttachment of = sent.attachments().get(name);
              String bytes =
                  of instanceof SentBytes it
                      ? it.encoding() + HexFormat.of().formatHex(it.bytes())
                      : "none";
              attachments
                  .append(List.of(name, of.contentType(), of.length(), of.digest(), of.revpos()))
                  .append(bytes);
            });
    return sent.id()
        + sent.together()
        + sent.path()
        + sent.body()
        + sent.provenances()
        + attachments;
  }

  @ParameterizedTest
  @MethodSource("found")
  void vector_isWrittenAndReadAsExpected(JsonNode vector) throws IOException {
    SentRevision sent = sent(vector);
    byte[] expected = HexFormat.of().parseHex(vector.get("frame").textValue());

    assertThat(RevisionWriter.frame(sent, inline(sent)))
        .as(vector.get("name").textValue())
        .isEqualTo(expected);
    RevisionReader reader = reader(stream(expected), LIMIT);
    RevisionReader.Item.Found found = (RevisionReader.Item.Found) reader.next();
    assertThat(shown(found.sent())).isEqualTo(shown(sent));
    assertThat(found.sent().body()).hasToString(vector.get("body").textValue());
    assertThat(reader.next()).isNull();
  }

  @Test
  void vector_ofOneThatIsMissing_isWrittenAndReadAsExpected() throws IOException {
    JsonNode vector = vectors("missing").findFirst().orElseThrow();
    RevisionId revision = RevisionId.parse(vector.get("path").get(0).textValue());
    String id = vector.get("id").textValue();
    byte[] expected = HexFormat.of().parseHex(vector.get("frame").textValue());

    assertThat(RevisionWriter.missing(id, revision)).isEqualTo(expected);
    assertThat(reader(stream(expected), LIMIT).next())
        .isEqualTo(new RevisionReader.Item.Missing(id, revision));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void vector_thatIsNone_isRefused(JsonNode vector) {
    RevisionReader reader =
        reader(HexFormat.of().parseHex(vector.get("stream").textValue()), LIMIT);

    assertThatThrownBy(reader::next)
        .as(vector.get("name").textValue())
        .isInstanceOf(IOException.class);
  }

  @Test
  void bodyThatIsNone_isOfThatRevisionAlone() throws IOException {
    byte[] good = frame("{}");
    RevisionReader reader = reader(stream(frame("{\"a\":1,\"a\":2}"), good), LIMIT);

    assertThat(reader.next())
        .isInstanceOfSatisfying(
            RevisionReader.Item.Refused.class,
            refused -> {
              assertThat(refused.id()).isEqualTo("a");
              assertThat(refused.revision()).hasToString("1-a");
              assertThat(refused.reason()).contains("duplicate");
            });
    assertThat(reader.next()).isInstanceOf(RevisionReader.Item.Found.class);
  }

  private static byte[] frame(String body) {
    byte[] head = {1, 1, 'a', 0, 1, 1, 1, 'a'};
    byte[] json = body.getBytes(UTF_8);
    return new ByteWriter().varint(head.length + json.length).raw(head).raw(json).toBytes();
  }

  @Test
  void frame_ofTheLongestLength_isRead_andNoLonger() throws IOException {
    byte[] frame = frame("{\"s\":\"" + "x".repeat(100_000) + "\"}");
    int length = frame.length - 3; // without its own length

    assertThat(reader(stream(frame), length).next()).isNotNull();
    RevisionReader shorter = reader(stream(frame), length - 1);
    assertThatThrownBy(shorter::next).isInstanceOf(NoAnswerException.class);
  }
}
