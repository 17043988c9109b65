package dev.stave.sync.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.sync.peer.SentRevision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever bytes come, a stream of revisions is read, or refused at the door. */
class RevisionStreamProperties {

  private static final int LIMIT = 1 << 16;

  private static int read(byte[] stream) {
    RevisionReader reader =
        new RevisionReader(
            new ByteArrayInputStream(stream), LIMIT, (id, revision, name, told) -> told);
    int items = 0;
    try {
      while (reader.next() != null) {
        items++;
      }
    } catch (IOException e) {
      return -1; // that is the door
    }
    return items;
  }

  private static byte[] stream(List<SentRevision> sent) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(RevisionWriter.head());
    sent.forEach(each -> out.writeBytes(RevisionWriter.frame(each, inline(each))));
    out.writeBytes(RevisionWriter.end());
    return out.toByteArray();
  }

  private static Map<String, SentBytes> inline(SentRevision sent) {
    return sent.attachments().containsKey("here")
        ? Map.of("here", (SentBytes) sent.attachments().get("here"))
        : Map.of();
  }

  private static List<SentRevision> revisions(Random random) {
    List<SentRevision> all = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      int generation = 1 + random.nextInt(300);
      List<RevisionId> path = new ArrayList<>();
      for (int j = 0; j < 1 + random.nextInt(generation); j++) {
        String digest =
            random.nextBoolean()
                ? String.format("%016x%016x", random.nextLong(), random.nextLong())
                : Integer.toString(random.nextInt(1 << 30), Character.MAX_RADIX);
        path.add(new RevisionId(generation - j, digest));
      }
      SentBytes bytes = new SentBytes("text/plain", 3, "md5-x", 1, null, new byte[3]);
      all.add(
          new SentRevision(
              "d" + random.nextInt(1000),
              new RevisionPath(path, random.nextBoolean()),
              JsonObject.parse("{\"n\":" + random.nextInt() + "}"),
              random.nextBoolean() ? Map.of() : Map.of("here", bytes, "there", bytes),
              Map.of(),
              List.of()));
    }
    return all;
  }

  @Property
  void anyBytes_areRefusedAtTheDoor(@ForAll @Size(max = 200) byte[] bytes) {
    assertThat(read(bytes)).isEqualTo(-1);
  }

  @Property
  void anyBytesBehindTheHead_areReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(RevisionWriter.head());
    stream.writeBytes(bytes);

    assertThat(read(stream.toByteArray())).isGreaterThanOrEqualTo(-1);
  }

  @Property
  void anyRevisions_areReadAsTheyWereWritten(@ForAll long seed) throws IOException {
    List<SentRevision> sent = revisions(new Random(seed));
    RevisionReader reader =
        new RevisionReader(
            new ByteArrayInputStream(stream(sent)), LIMIT, (id, revision, name, told) -> told);

    for (SentRevision each : sent) {
      RevisionReader.Item.Found found = (RevisionReader.Item.Found) reader.next();
      assertThat(found.sent().id()).isEqualTo(each.id());
      assertThat(found.sent().path()).isEqualTo(each.path());
      assertThat(found.sent().body()).isEqualTo(each.body());
      assertThat(found.sent().attachments().keySet()).isEqualTo(each.attachments().keySet());
    }
    assertThat(reader.next()).isNull();
  }

  @Property
  void aStreamWithOneByteChanged_isReadOrRefused(
      @ForAll long seed, @ForAll @IntRange(max = 1 << 20) int place, @ForAll byte value) {
    byte[] stream = stream(revisions(new Random(seed)));
    stream[place % stream.length] = value;

    assertThat(read(stream)).isGreaterThanOrEqualTo(-1);
  }

  @Property
  void aStreamThatBreaksOff_isRefused(
      @ForAll long seed, @ForAll @IntRange(max = 1 << 20) int place) {
    byte[] stream = stream(revisions(new Random(seed)));

    assertThat(read(Arrays.copyOf(stream, place % stream.length))).isEqualTo(-1);
  }
}
