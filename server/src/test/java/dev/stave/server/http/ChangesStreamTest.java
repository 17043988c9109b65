package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Feeds that go on. */
@Timeout(60)
class ChangesStreamTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
    putDoc("a", "{'n': 1}");
  }

  private BufferedReader lines(String query) throws Exception {
    return new BufferedReader(
        new InputStreamReader(
            CLIENT
                .send(request("/db/_changes?" + query).GET().build(), BodyHandlers.ofInputStream())
                .body(),
            StandardCharsets.UTF_8));
  }

  private static String idOf(String line) throws Exception {
    return MAPPER.readTree(line).path("id").asText();
  }

  @Test
  void continuous_whatIsThereAndWhatComes_isALineEach() throws Exception {
    try (BufferedReader lines = lines("feed=continuous&include_docs=true")) {
      String first = lines.readLine();
      putDoc("b", "{'n': 2}");

      assertThat(MAPPER.readTree(first).at("/doc/n").asInt()).isEqualTo(1);
      assertThat(idOf(lines.readLine())).isEqualTo("b");
    }
  }

  @Test
  void live_isContinuous() {
    assertThat(get("/db/_changes?feed=live&since=now&timeout=1").text())
        .startsWith("{\"last_seq\"");
  }

  @Test
  void continuous_withAShortTimeout_endsAlways() {
    for (int i = 0; i < 300; i++) { // its time was up before it waited, and then it waited for ever
      assertThat(get("/db/_changes?feed=continuous&timeout=1").text()).contains("last_seq");
    }
  }

  @Test
  void continuous_withALimit_endsWithWhereItIs() throws Exception {
    try (BufferedReader lines = lines("feed=continuous&limit=2")) {
      lines.readLine();
      putDoc("b", "{}");
      putDoc("c", "{}");

      assertThat(idOf(lines.readLine())).isEqualTo("b");
      assertThat(MAPPER.readTree(lines.readLine()).get("last_seq").asInt()).isEqualTo(2);
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void continuous_whenNothingComes_endsAfterTheTimeout() throws Exception {
    try (BufferedReader lines = lines("feed=continuous&since=now&timeout=50")) {
      assertThat(lines.readLine()).isEqualTo("{\"last_seq\":1,\"pending\":0}");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void continuous_withAHeartbeat_staysAlive_whateverIsWrittenThatItDoesNotWant() throws Exception {
    try (BufferedReader lines =
        lines("feed=continuous&since=now&heartbeat=100&filter=_doc_ids&doc_ids=%5B%22z%22%5D")) {
      int beats = 0;
      for (int i = 0; beats < 2; i++) {
        if (lines.ready()) {
          assertThat(lines.readLine()).isEmpty();
          beats++;
        }
        putDoc("b" + i, "{}");
      }
      putDoc("z", "{}");

      String line = lines.readLine();
      while (line.isEmpty()) {
        line = lines.readLine();
      }
      assertThat(idOf(line)).isEqualTo("z");
    }
  }

  @Test
  void continuous_descending_tellsAllOnceAndEnds() throws Exception {
    putDoc("b", "{}");
    try (BufferedReader lines = lines("feed=continuous&descending=true")) {
      assertThat(idOf(lines.readLine())).isEqualTo("b");
      assertThat(idOf(lines.readLine())).isEqualTo("a");
      assertThat(lines.readLine()).contains("last_seq");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void eventsource_changesAreEvents() throws Exception {
    try (EventReader events =
        EventReader.open(CLIENT, request("/db/_changes?feed=eventsource").GET().build())) {
      EventReader.Event first = events.next();
      putDoc("b", "{}");
      EventReader.Event second = events.next();

      assertThat(events.header("Content-Type")).isEqualTo("text/event-stream");
      assertThat(first.id()).isEqualTo("1");
      assertThat(first.json().get("id").asText()).isEqualTo("a");
      assertThat(second.json().get("id").asText()).isEqualTo("b");
    }
  }

  @Test
  void eventsource_reconnecting_goesOnAfterTheLastEvent() throws Exception {
    putDoc("b", "{}");
    try (EventReader events =
        EventReader.open(
            CLIENT, request("/db/_changes?feed=eventsource", "Last-Event-ID", "1").GET().build())) {
      assertThat(events.next().json().get("id").asText()).isEqualTo("b");
    }
  }

  @Test
  void continuous_whenTheDatabaseIsDropped_saysSoAndEnds() throws Exception {
    try (BufferedReader lines = lines("feed=continuous&since=now&heartbeat=60000")) {
      delete("/db");

      assertThat(lines.readLine()).contains("service_unavailable");
      assertThat(lines.readLine()).isNull();
    }
  }

  @Test
  void continuous_manyRows_areAllThere() throws Exception {
    StringBuilder docs = new StringBuilder("{'docs': [");
    for (int i = 0; i < 3_000; i++) {
      docs.append(i == 0 ? "" : ",").append("{'_id': 'm").append(i).append("'}");
    }
    post("/db/_bulk_docs", docs + "]}");
    try (BufferedReader lines = lines("feed=continuous&timeout=50")) {
      long rows = lines.lines().filter(line -> line.contains("\"id\"")).count();

      assertThat(rows).isEqualTo(3_001);
    }
  }

  @Test
  void continuous_whenTheServerStops_isToldSo() throws Exception {
    try (BufferedReader lines = lines("feed=continuous&since=now")) {
      server.close();

      assertThat(lines.readLine()).contains("stopping");
    }
  }
}
