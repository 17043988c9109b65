package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompressionTest extends ServerTest {

  @BeforeEach
  void database() {
    createDb();
    StringBuilder docs = new StringBuilder("{'docs': [");
    for (int i = 0; i < 500; i++) {
      docs.append(i == 0 ? "" : ",").append("{'_id': 'document-").append(i).append("'}");
    }
    post("/db/_bulk_docs", docs + "]}");
  }

  private HttpResponse<byte[]> list(String query) throws Exception {
    return CLIENT.send(
        request("/db/_all_docs" + query, "Accept-Encoding", "gzip").GET().build(),
        BodyHandlers.ofByteArray());
  }

  @Test
  void longReply_isCompressed_ifTheClientTakesIt() throws Exception {
    HttpResponse<byte[]> compressed = list("");
    String text;
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      text = new String(in.readAllBytes());
    }

    assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(text).isEqualTo(get("/db/_all_docs").text());
    assertThat(compressed.body().length).isLessThan(text.length() / 3);
  }

  @Test
  void shortReply_isSentAsItIs_withItsLength() throws Exception {
    HttpResponse<byte[]> plain = list("?limit=1");

    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(plain.headers().firstValue("Content-Length")).isPresent();
    assertThat(new String(plain.body())).isEqualTo(get("/db/_all_docs?limit=1").text());
  }

  @Test
  void override_aPostThatMeansAnother_isThatOne() {
    Answer answer =
        send(request("/db/a", "X-HTTP-Method-Override", "PUT").POST(BodyPublishers.ofString("{}")));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(get("/db/a").status()).isEqualTo(200);
  }

  @Test
  void put_compressedBody_isWhatItWas_andHasItsLimit() throws IOException {
    assertThat(putGzip(json("{'n': 1}").getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(201);
    assertThat(get("/db/a").json().get("n").asInt()).isEqualTo(1);
    byte[] bomb = new byte[80 << 20]; // a few kilobytes on the way
    assertThat(putGzip(bomb).status()).isEqualTo(413);
  }

  private Answer putGzip(byte[] body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    }
    return send(
        request("/db/a", "Content-Encoding", "gzip")
            .PUT(BodyPublishers.ofByteArray(bytes.toByteArray())));
  }
}
