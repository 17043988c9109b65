package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.DatabaseCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StorageEndpointTest extends ServerTest {

  @BeforeEach
  void fill() {
    createDb();
    String rev = putDoc("a", "{'text': 'one'}");
    for (int i = 0; i < 20; i++) {
      rev = putDoc("a?rev=" + rev, "{'text': '" + "x".repeat(2_000) + i + "'}");
    }
    putDoc("b", "{}");
  }

  @Test
  void storage_ofADatabase_saysWhatItsFilesHold() {
    JsonNode stats = get("/db/_storage").json();

    assertThat(stats.get("doc_count").asInt()).isEqualTo(2);
    assertThat(stats.get("disk_bytes").asLong()).isGreaterThan(40_000);
    assertThat(stats.at("/since_opened/committed_bytes").asLong()).isGreaterThan(40_000);
    assertThat(stats.at("/since_opened/trouble").asText()).isEmpty();
    assertThat(get("/nodb/_storage").error()).isEqualTo("404 not_found");
  }

  @Test
  void info_sizes_areOfTheFiles() {
    JsonNode sizes = get("/db").json().get("sizes");

    assertThat(sizes.get("file").asLong()).isEqualTo(databases.fileBytes(name()));
    assertThat(sizes.get("active").asLong()).isBetween(1L, sizes.get("file").asLong());
    assertThat(sizes.get("external").asLong()).isBetween(1L, sizes.get("active").asLong());
  }

  private static dev.stave.server.databases.DatabaseName name() {
    return new dev.stave.server.databases.DatabaseName("db");
  }

  @Test
  void compact_asCouchDbHasIt_givesTheRoomBack() throws InterruptedException {
    Answer answer = post("/db/_compact", "");
    while (get("/db").json().get("compact_running").asBoolean()) {
      Thread.sleep(10);
    }

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().get("ok").asBoolean()).isTrue();
    JsonNode stats = get("/db/_storage").json();
    assertThat(stats.get("segments").asInt()).isEqualTo(1);
    assertThat(stats.get("disk_bytes").asLong()).isLessThan(20_000);
    assertThat(get("/db/a").json().get("text").asText()).endsWith("x19");
  }

  @Test
  void compact_withoutTheType_isRefused() {
    Answer answer = send(request("/db/_compact").POST(BodyPublishers.noBody()));

    assertThat(answer.error()).isEqualTo("415 bad_content_type");
    assertThat(post("/nodb/_compact", "").error()).isEqualTo("404 not_found");
    assertThat(get("/db/_compact").header("Allow")).isEqualTo("POST");
  }

  @Test
  void backup_ofADatabase_isAZipOfADatabase() throws IOException {
    byte[] zipped = backup().body();

    Path copy = Files.createDirectory(folder.resolve("copy"));
    List<String> names = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(zipped))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        names.add(e.getName());
        Files.copy(zip, copy.resolve(e.getName()));
      }
    }
    assertThat(names).doesNotContain("LOCK").last().isEqualTo("MANIFEST");
    DatabaseCheck.Report report = DatabaseCheck.of(copy);
    assertThat(report.problems()).isEmpty();
    assertThat(report.documents()).isEqualTo(2);
    assertNothingLeft();
  }

  private HttpResponse<byte[]> backup() throws IOException {
    try {
      return CLIENT.send(request("/db/_backup").build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertNothingLeft() throws IOException {
    try (var children = Files.list(folder.resolve("data"))) {
      assertThat(children.map(child -> child.getFileName().toString()))
          .containsExactlyInAnyOrder("LOCK", "UUID", "db");
    }
  }

  @Test
  void backup_head_makesNone() throws IOException {
    Answer answer = head("/db/_backup");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/zip");
    assertThat(answer.header("Content-Length")).isNull();
    assertNothingLeft();
  }

  @Test
  void backup_clientThatGoesAway_leavesNothingAndOthersCanHaveTheirs() throws Exception {
    for (int i = 0; i < 500; i++) {
      putDoc("big-" + i, "{'text': '" + "x".repeat(20_000) + "'}");
    }
    for (int i = 0; i < 2 * BackupStream.Places.COUNT; i++) {
      HttpResponse<InputStream> half =
          CLIENT.send(request("/db/_backup").build(), BodyHandlers.ofInputStream());
      assertThat(half.statusCode()).isIn(200, 503);
      half.body().readNBytes(1_000);
      half.body().close();
    }
    while (backup().statusCode() == 503) {
      Thread.sleep(20);
    }
    while (Files.list(folder.resolve("data")).count() > 3) {
      Thread.sleep(20);
    }
    assertNothingLeft();
  }

  @Test
  void backup_tooManyAtOnce_isRefusedForNow() throws Exception {
    for (int i = 0; i < 500; i++) {
      putDoc("big-" + i, "{'text': '" + "x".repeat(20_000) + "'}");
    }
    List<HttpResponse<InputStream>> slow = new ArrayList<>();
    for (int i = 0; i <= BackupStream.Places.COUNT; i++) {
      slow.add(CLIENT.send(request("/db/_backup").build(), BodyHandlers.ofInputStream()));
    }

    assertThat(slow).last().satisfies(r -> assertThat(r.statusCode()).isEqualTo(503));
    assertThat(get("/db/b").status()).isEqualTo(200);
    for (HttpResponse<InputStream> response : slow) {
      response.body().readAllBytes();
    }
  }
}
