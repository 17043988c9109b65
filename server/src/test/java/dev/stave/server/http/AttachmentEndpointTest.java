package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.exchange.HttpLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttachmentEndpointTest extends ServerTest {

  private static final byte[] PIXELS = noise(1, 300_000);

  @BeforeEach
  void create() {
    createDb();
  }

  @Override
  HttpLimits limits() {
    return HttpLimits.DEFAULT.with(limits -> limits.attachmentBytes = 20_000_000);
  }

  static byte[] noise(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private Answer putBytes(String path, byte[] bytes, String... headers) {
    return send(request(path, headers).PUT(BodyPublishers.ofByteArray(bytes)));
  }

  private String rev(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().get("rev").asText();
  }

  private HttpResponse<byte[]> bytes(String path, String... headers) {
    try {
      return CLIENT.send(request(path, headers).GET().build(), BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  @Test
  void put_standalone_isServedAsItIs() {
    Answer made = putBytes("/db/a/p.png", PIXELS, "Content-Type", "image/png");

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("ok").asBoolean()).isTrue();
    assertThat(made.json().get("id").asText()).isEqualTo("a");
    assertThat(made.header("ETag")).isEqualTo("\"" + made.json().get("rev").asText() + "\"");
    assertThat(made.header("Location")).isEqualTo("/db/a/p.png");
    HttpResponse<byte[]> got = bytes("/db/a/p.png");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(got.body()).isEqualTo(PIXELS);
    assertThat(header(got, "Content-Type")).isEqualTo("image/png");
    assertThat(header(got, "Content-Length")).isEqualTo("300000");
    assertThat(header(got, "Accept-Ranges")).isEqualTo("bytes");
    String md5 = header(got, "Content-MD5");
    assertThat(header(got, "ETag")).isEqualTo("\"" + md5 + "\"");
    JsonNode stub = get("/db/a").json().at("/_attachments/p.png");
    assertThat(stub.toString())
        .isEqualTo(
            "{\"content_type\":\"image/png\",\"revpos\":1,\"digest\":\"md5-"
                + md5
                + "\",\"length\":300000,\"stub\":true}");
  }

  @Test
  void head_attachment_hasTheHeadersAlone() {
    putBytes("/db/a/p.png", PIXELS, "Content-Type", "image/png");

    Answer head = head("/db/a/p.png");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.text()).isEmpty();
    assertThat(head.header("Content-Length")).isEqualTo("300000");
    assertThat(head.header("Content-Type")).isEqualTo("image/png");
    assertThat(head("/db/a/q.png").status()).isEqualTo(404);
  }

  @Test
  void get_conditional_isNotModified() {
    putBytes("/db/a/p.png", PIXELS, "Content-Type", "image/png");
    String etag = get("/db/a/p.png").header("ETag");

    assertThat(get("/db/a/p.png", "If-None-Match", etag).status()).isEqualTo(304);
    assertThat(get("/db/a/p.png", "If-None-Match", "\"other\"").status()).isEqualTo(200);
  }

  @Test
  void get_ranges_areServedOrRefused() {
    putBytes("/db/a/p.png", PIXELS, "Content-Type", "image/png");

    range("bytes=0-9", 206, 0, 10, "bytes 0-9/300000");
    range("bytes=262140-262150", 206, 262_140, 262_151, "bytes 262140-262150/300000");
    range("bytes=299990-", 206, 299_990, 300_000, "bytes 299990-299999/300000");
    range("bytes=-5", 206, 299_995, 300_000, "bytes 299995-299999/300000");
    range("bytes=299999-400000", 206, 299_999, 300_000, "bytes 299999-299999/300000");
    range("bytes=9-3", 200, 0, 300_000, null);
    range("bytes=0-1,4-5", 200, 0, 300_000, null);
    range("lines=1-2", 200, 0, 300_000, null);
    HttpResponse<byte[]> over = bytes("/db/a/p.png", "Range", "bytes=300000-");
    assertThat(over.statusCode()).isEqualTo(416);
    assertThat(header(over, "Content-Range")).isEqualTo("bytes */300000");
    assertThat(new String(over.body(), StandardCharsets.UTF_8))
        .contains("requested_range_not_satisfiable");
  }

  private void range(String asked, int status, int from, int to, String contentRange) {
    HttpResponse<byte[]> got = bytes("/db/a/p.png", "Range", asked);
    assertThat(got.statusCode()).as(asked).isEqualTo(status);
    assertThat(header(got, "Content-Range")).isEqualTo(contentRange);
    assertThat(Arrays.equals(got.body(), Arrays.copyOfRange(PIXELS, from, to))).isTrue();
  }

  @Test
  void compressible_storedByGzip_isServedAsTheClientTakesIt() throws IOException {
    byte[] text = utf8("all work and no play\n".repeat(10_000));
    putBytes("/db/a/t.txt", text, "Content-Type", "text/plain; charset=utf-8");

    HttpResponse<byte[]> plain = bytes("/db/a/t.txt");
    HttpResponse<byte[]> gzip = bytes("/db/a/t.txt", "Accept-Encoding", "deflate, gzip");
    HttpResponse<byte[]> refused = bytes("/db/a/t.txt", "Accept-Encoding", "gzip;q=0");

    assertThat(plain.body()).isEqualTo(text);
    assertThat(header(plain, "Content-Encoding")).isNull();
    assertThat(header(plain, "Content-Length")).isEqualTo("210000");
    assertThat(header(plain, "Accept-Ranges")).isEqualTo("none");
    assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
    assertThat(gzip.body().length).isLessThan(10_000);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
        .isEqualTo(text);
    assertThat(refused.body()).isEqualTo(text);
    JsonNode stub = get("/db/a?att_encoding_info=true").json().at("/_attachments/t.txt");
    assertThat(stub.get("encoding").asText()).isEqualTo("gzip");
    assertThat(stub.get("encoded_length").asInt()).isEqualTo(gzip.body().length);
    assertThat(stub.get("length").asInt()).isEqualTo(210_000);
    assertThat(get("/db/a").json().at("/_attachments/t.txt/encoding").isMissingNode()).isTrue();
  }

  @Test
  void put_encodedByTheClient_isStoredAsItComes() {
    byte[] text = utf8("again ".repeat(1_000));

    rev(putBytes("/db/a/x", gzip(text), "Content-Type", "image/x", "Content-Encoding", "gzip"));

    assertThat(bytes("/db/a/x").body()).isEqualTo(text);
    assertThat(get("/db/a").json().at("/_attachments/x/length").asInt()).isEqualTo(6_000);
    Answer bad = putBytes("/db/b/x", text, "Content-Encoding", "gzip");
    assertThat(bad.error()).isEqualTo("400 bad_request");
    assertThat(putBytes("/db/b/x", text, "Content-Encoding", "br").error())
        .isEqualTo("415 bad_ctype");
    assertThat(get("/db/b").status()).isEqualTo(404);
  }

  @Test
  void names_withSlashesAndMore_areNames() {
    String first = rev(putBytes("/db/a/dir/sub/f%20%C3%A4.bin", utf8("1"), "Content-Type", "a/b"));
    rev(putBytes("/db/a/dir%2Fother?rev=" + first, utf8("2")));

    assertThat(get("/db/a/dir/sub/f%20%C3%A4.bin").text()).isEqualTo("1");
    assertThat(get("/db/a/dir/other").text()).isEqualTo("2");
    assertThat(get("/db/a/dir/other").header("Content-Type")).isEqualTo("application/octet-stream");
    Answer bad = putBytes("/db/a/_no", utf8("3"));
    assertThat(bad.error()).isEqualTo("400 bad_request");
    assertThat(bad.reason())
        .isEqualTo("Attachment name '_no' starts with prohibited character '_'");
  }

  @Test
  void put_revisions_decide() {
    String first = putDoc("a", "{'n': 1}");

    assertThat(putBytes("/db/a/x", utf8("1")).error()).isEqualTo("409 conflict");
    assertThat(putBytes("/db/a/x?rev=1-no", utf8("1")).error()).isEqualTo("409 conflict");
    assertThat(putBytes("/db/new/x?rev=1-no", utf8("1")).error()).isEqualTo("409 conflict");
    assertThat(putBytes("/db/a/x?rev=no", utf8("1")).error()).isEqualTo("400 bad_request");
    assertThat(putBytes("/none/a/x", utf8("1")).error()).isEqualTo("404 not_found");
    String second = rev(putBytes("/db/a/x", utf8("1"), "If-Match", "\"" + first + "\""));
    assertThat(get("/db/a").json().get("n").asInt()).isEqualTo(1);
    String third = rev(putBytes("/db/a/x?rev=" + second, utf8("2")));
    assertThat(get("/db/a/x").text()).isEqualTo("2");
    assertThat(get("/db/a/x?rev=" + second).text()).isEqualTo("1");
    assertThat(get("/db/a").json().at("/_attachments/x/revpos").asInt()).isEqualTo(3);

    Answer deleted = delete("/db/a/x?rev=" + third);

    assertThat(deleted.status()).isEqualTo(200);
    assertThat(get("/db/a").json().has("_attachments")).isFalse();
    Answer missing = get("/db/a/x");
    assertThat(missing.error()).isEqualTo("404 not_found");
    assertThat(missing.reason()).isEqualTo("Document is missing attachment");
    assertThat(delete("/db/a/x?rev=" + third).error()).isEqualTo("409 conflict");
    String fourth = deleted.json().get("rev").asText();
    assertThat(delete("/db/a/x?rev=" + fourth).error()).isEqualTo("404 not_found");
    assertThat(delete("/db/a/x").error()).isEqualTo("409 conflict");
    assertThat(delete("/db/none/x?rev=1-a").error()).isEqualTo("404 not_found");
    assertThat(get("/db/none/x").reason()).isEqualTo("missing");
    delete("/db/a?rev=" + fourth);
    assertThat(get("/db/a/x").reason()).isEqualTo("deleted");
  }

  @Test
  void put_digestOfTheClient_isCompared() {
    assertThat(
            putBytes("/db/a/x", utf8("hello"), "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==").status())
        .isEqualTo(201);
    assertThat(
            putBytes("/db/b/x", utf8("hallo"), "Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==").error())
        .isEqualTo("400 content_md5_mismatch");
  }

  @Test
  void put_limit_fromBothSides() {
    assertThat(putBytes("/db/a/x", noise(1, 20_000_000)).status()).isEqualTo(201);

    Answer told = putBytes("/db/b/x", noise(1, 20_000_001));
    Answer streamed =
        send(
            request("/db/b/x")
                .PUT(
                    BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(noise(1, 20_000_001)))));

    assertThat(told.error()).isEqualTo("413 attachment_too_large");
    assertThat(told.reason()).contains("max_attachment_size, 20000000 bytes");
    assertThat(streamed.error()).isEqualTo("413 attachment_too_large");
    assertThat(get("/db").json().get("doc_count").asInt()).isEqualTo(1);
  }

  @Test
  void put_aSlowClient_isWaitedForWithoutAThread() {
    InputStream slow =
        new SequenceInputStream(
            new ByteArrayInputStream(PIXELS),
            new InputStream() {
              private int left = 5;

              @Override
              public int read() throws IOException {
                try {
                  Thread.sleep(60);
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
                return left-- > 0 ? 'x' : -1;
              }

              @Override
              public int read(byte[] into, int from, int length) throws IOException {
                int one = read();
                if (one < 0) {
                  return -1;
                }
                into[from] = (byte) one;
                return 1;
              }
            });

    rev(send(request("/db/a/x").PUT(BodyPublishers.ofInputStream(() -> slow))));

    assertThat(bytes("/db/a/x").body()).hasSize(300_005).endsWith(utf8("xxxxx"));
  }

  @Test
  void put_clientGoneInTheMiddle_leavesNothing() throws IOException {
    try (RawSocket socket = new RawSocket(server.address())) {
      socket.send(
          "PUT /db/a/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\n"
              + "x".repeat(1_000_000));
    }

    assertThat(get("/db/a").status()).isEqualTo(404);
    assertThat(putBytes("/db/a/x", utf8("after")).status()).isEqualTo(201);
  }

  @Test
  void inline_data_isAnAttachment() {
    String data = Base64.getEncoder().encodeToString(PIXELS);
    String first =
        putDoc(
            "a",
            "{'_attachments': {'p': {'content_type': 'image/png', 'data': '"
                + data
                + "'}, 't': {'data': 'aGVsbG8='}}}");

    assertThat(bytes("/db/a/p").body()).isEqualTo(PIXELS);
    assertThat(get("/db/a/t").text()).isEqualTo("hello");
    String second =
        putDoc(
            "a",
            "{'_rev': '"
                + first
                + "', 'n': 2, '_attachments': {'p': {'stub': true, 'revpos': 1}}}");
    JsonNode document = get("/db/a").json();
    assertThat(document.get("_attachments").size()).isEqualTo(1);
    assertThat(document.at("/_attachments/p/revpos").asInt()).isEqualTo(1);
    assertThat(bytes("/db/a/p").body()).isEqualTo(PIXELS);
    putDoc("a", "{'_rev': '" + second + "'}");
    assertThat(get("/db/a").json().has("_attachments")).isFalse();
  }

  @Test
  void inline_dataLongerThanADocumentMayBe_isTaken() {
    byte[] large = noise(7, 12_000_000);

    putDoc(
        "a",
        "{'_attachments': {'x': {'data': '" + Base64.getEncoder().encodeToString(large) + "'}}}");

    assertThat(bytes("/db/a/x").body()).isEqualTo(large);
  }

  @Test
  void inline_wrong_isRefused() {
    String rev = putDoc("a", "{}");
    assertThat(put("/db/b", "{'_attachments': {'x': {'data': '??'}}}").reason())
        .isEqualTo("Invalid attachment data for x");
    assertThat(put("/db/b", "{'_attachments': {'x': {}}}").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/b", "{'_attachments': 7}").error()).isEqualTo("400 bad_request");
    assertThat(put("/db/b", "{'_attachments': {'_x': {'data': ''}}}").error())
        .isEqualTo("400 bad_request");
    Answer stub = put("/db/b", "{'_attachments': {'x': {'stub': true}}}");
    assertThat(stub.error()).isEqualTo("412 missing_stub");
    assertThat(stub.reason()).isEqualTo("Invalid attachment stub in b for x");
    assertThat(
            put("/db/a", "{'_rev': '" + rev + "', '_attachments': {'x': {'stub': true}}}").error())
        .isEqualTo("412 missing_stub");
    assertThat(put("/db/b", "{'_attachments': {'x': {'follows': true}}}").error())
        .isEqualTo("400 bad_request");
    assertThat(put("/db/b", "{'_attachments': {}}").status()).isEqualTo(201);
  }

  @Test
  void bulk_withAttachments_eachHasItsOwn() {
    Answer done =
        post(
            "/db/_bulk_docs",
            "{'docs': [{'_id': 'a', '_attachments': {'x': {'data': 'aGVsbG8='}}},"
                + "{'_id': 'b', '_attachments': {'x': {'stub': true}}},"
                + "{'_id': 'c', '_attachments': {'x': {'data': 'aGVsbG8='}}}]}");

    assertThat(done.status()).isEqualTo(201);
    assertThat(done.json().get(0).get("ok").asBoolean()).isTrue();
    assertThat(done.json().get(1).get("error").asText()).isEqualTo("missing_stub");
    assertThat(get("/db/c/x").text()).isEqualTo("hello");
    assertThat(
            databases
                .find(new dev.stave.server.databases.DatabaseName("db"))
                .orElseThrow()
                .attachments()
                .totals()
                .count())
        .isEqualTo(1);
  }

  @Test
  void grafts_keepRevposAndStubsOfTheirAncestors() {
    post(
        "/db/_bulk_docs",
        "{'new_edits': false, 'docs': [{'_id': 'a', '_rev': '2-b', '_revisions': {'start': 2,"
            + " 'ids': ['b', 'a']}, '_attachments': {'x': {'data': 'aGVsbG8=', 'revpos': 1}}}]}");

    assertThat(get("/db/a").json().at("/_attachments/x/revpos").asInt()).isEqualTo(1);
    Answer next =
        put(
            "/db/a?new_edits=false",
            "{'_revisions': {'start': 4, 'ids': ['d', 'c', 'b', 'a']}, '_attachments':"
                + " {'x': {'stub': true, 'revpos': 1}}}");
    assertThat(next.status()).as(next.text()).isEqualTo(201);
    assertThat(get("/db/a?rev=4-d").json().at("/_attachments/x/revpos").asInt()).isEqualTo(1);
    assertThat(get("/db/a/x").text()).isEqualTo("hello");
  }

  @Test
  void get_attachmentsTrue_hasTheirBytes() {
    byte[] odd = noise(3, 100_001);
    String first = rev(putBytes("/db/a/odd", odd, "Content-Type", "a/b"));
    String second = rev(putBytes("/db/a/t?rev=" + first, utf8("hello"), "Content-Type", "text/x"));
    putDoc(
        "a",
        json(
            "{'_rev': '"
                + second
                + "', 'n': 1, '_attachments': {'odd': {'stub': true},"
                + " 't': {'stub': true}}}"));

    JsonNode document = get("/db/a?attachments=true&revs=true").json();

    assertThat(document.get("n").asInt()).isEqualTo(1);
    assertThat(document.at("/_revisions/start").asInt()).isEqualTo(3);
    assertThat(Base64.getDecoder().decode(document.at("/_attachments/odd/data").asText()))
        .isEqualTo(odd);
    assertThat(document.at("/_attachments/t/data").asText()).isEqualTo("aGVsbG8=");
    assertThat(document.at("/_attachments/t/stub").isMissingNode()).isTrue();
    JsonNode since = get("/db/a?atts_since=%5B%22" + first + "%22%5D").json();
    assertThat(since.at("/_attachments/odd/stub").asBoolean()).isTrue();
    assertThat(since.at("/_attachments/t/data").asText()).isEqualTo("aGVsbG8=");
  }

  @Test
  void get_documentsInLists_haveStubs() {
    rev(putBytes("/db/a/x", utf8("hello"), "Content-Type", "a/b"));

    assertThat(
            get("/db/_all_docs?include_docs=true")
                .json()
                .at("/rows/0/doc/_attachments/x/stub")
                .asBoolean())
        .isTrue();
    assertThat(
            get("/db/_changes?include_docs=true")
                .json()
                .at("/results/0/doc/_attachments/x/stub")
                .asBoolean())
        .isTrue();
    assertThat(
            post("/db/_find", "{'selector': {}}")
                .json()
                .at("/docs/0/_attachments/x/stub")
                .asBoolean())
        .isTrue();
  }

  private Answer related(String path, String json, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(utf8("preamble\r\n--b0undary\r\nContent-Type: application/json\r\n\r\n"));
    body.writeBytes(utf8(json(json)));
    for (byte[] part : parts) {
      body.writeBytes(utf8("\r\n--b0undary  \r\n\r\n"));
      body.writeBytes(part);
    }
    body.writeBytes(utf8("\r\n--b0undary--\r\nepilogue"));
    return putBytes(
        path, body.toByteArray(), "Content-Type", "multipart/related; boundary=\"b0undary\"");
  }

  @Test
  void multipart_followingParts_areTheAttachments() {
    byte[] tricky = utf8("\r\n--b0undar\r\n--b0undar\r\n--");
    Answer made =
        related(
            "/db/a",
            "{'n': 1, '_attachments': {'z': {'follows': true, 'length': 300000, 'content_type':"
                + " 'image/png'}, 'i': {'data': 'aGVsbG8='}, 'a': {'follows': true,"
                + " 'content_type': 'x/y', 'length': "
                + tricky.length
                + "},"
                + " 'e': {'follows': true, 'length': 0}}}",
            PIXELS,
            tricky,
            new byte[0]);

    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(bytes("/db/a/z").body()).isEqualTo(PIXELS);
    assertThat(bytes("/db/a/a").body()).isEqualTo(tricky);
    assertThat(bytes("/db/a/e").body()).isEmpty();
    assertThat(get("/db/a/i").text()).isEqualTo("hello");
    assertThat(get("/db/a").json().get("n").asInt()).isEqualTo(1);
  }

  @Test
  void multipart_graftWithGzip_isStoredAsItComes() {
    byte[] text = utf8("and again ".repeat(500));
    byte[] gzip = gzip(text);

    Answer made =
        related(
            "/db/a?new_edits=false",
            "{'_revisions': {'start': 3, 'ids': ['c', 'b', 'a']}, '_attachments': {'t': {'follows':"
                + " true, 'content_type': 'text/plain', 'encoding': 'gzip', 'length': 5000,"
                + " 'encoded_length': "
                + gzip.length
                + ", 'revpos': 2, 'digest': 'md5-x'}}}",
            gzip);

    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.json().get("rev").asText()).isEqualTo("3-c");
    assertThat(bytes("/db/a/t").body()).isEqualTo(text);
    assertThat(bytes("/db/a/t", "Accept-Encoding", "gzip").body()).isEqualTo(gzip);
    assertThat(get("/db/a").json().at("/_attachments/t/revpos").asInt()).isEqualTo(2);
  }

  @Test
  void multipart_wrong_isRefused() {
    String follows = "{'_attachments': {'x': {'follows': true, 'length': 3}}}";

    assertThat(related("/db/a", follows).reason()).contains("no part of the body has attachment x");
    assertThat(related("/db/a", follows, utf8("four")).reason()).contains("has 4 bytes, and not 3");
    assertThat(related("/db/a", follows, utf8("one"), utf8("two")).error())
        .isEqualTo("400 bad_request");
    assertThat(related("/db/a", "{'n': }").error()).isEqualTo("400 bad_request");
    assertThat(putBytes("/db/a", utf8("x"), "Content-Type", "multipart/related").error())
        .isEqualTo("400 bad_request");
    assertThat(
            putBytes(
                    "/db/a", utf8("--b\r\n\r\n{}"), "Content-Type", "multipart/related; boundary=b")
                .error())
        .isEqualTo("400 bad_request");
    assertThat(get("/db").json().get("doc_count").asInt()).isZero();
    assertThat(
            databases
                .find(new dev.stave.server.databases.DatabaseName("db"))
                .orElseThrow()
                .attachments()
                .totals()
                .count())
        .isZero();
  }

  @Test
  void copy_aDocument_hasItsAttachments() {
    rev(putBytes("/db/a/x", utf8("hello"), "Content-Type", "a/b"));

    Answer copied =
        send(request("/db/a", "Destination", "b").method("COPY", BodyPublishers.noBody()));

    assertThat(copied.status()).isEqualTo(201);
    assertThat(get("/db/b/x").text()).isEqualTo("hello");
  }

  @Test
  void design_document_mayHaveAttachments() {
    String rev =
        rev(putBytes("/db/_design/app/index.html", utf8("<p>"), "Content-Type", "text/html"));

    assertThat(get("/db/_design/app/index.html").text()).isEqualTo("<p>");
    assertThat(get("/db/_design%2Fapp/index.html").text()).isEqualTo("<p>");
    assertThat(delete("/db/_design/app/index.html?rev=" + rev).status()).isEqualTo(200);
    assertThat(get("/db/_design/app/_view/x").status()).isEqualTo(404);
  }

  @Test
  void bulkGet_attachmentsTrue_hasTheirBytes() {
    String rev = rev(putBytes("/db/a/x", utf8("hello"), "Content-Type", "a/b"));

    JsonNode with =
        post("/db/_bulk_get?attachments=true&revs=true", "{'docs': [{'id': 'a'}]}").json();
    JsonNode since =
        post(
                "/db/_bulk_get?attachments=true",
                "{'docs': [{'id': 'a', 'atts_since': ['" + rev + "']}]}")
            .json();

    assertThat(with.at("/results/0/docs/0/ok/_attachments/x/data").asText()).isEqualTo("aGVsbG8=");
    assertThat(since.at("/results/0/docs/0/ok/_attachments/x/stub").asBoolean()).isTrue();
  }

  @Test
  void changesAndLists_attachmentsTrue_haveTheirBytes() throws IOException {
    rev(putBytes("/db/a/x", PIXELS, "Content-Type", "image/png"));
    putDoc("b", "{}");

    JsonNode changes = get("/db/_changes?include_docs=true&attachments=true").json();
    JsonNode all = get("/db/_all_docs?include_docs=true&attachments=true").json();
    String line =
        get("/db/_changes?include_docs=true&attachments=true&feed=continuous&timeout=0&limit=1")
            .text()
            .split("\n")[0];

    String data = Base64.getEncoder().encodeToString(PIXELS);
    assertThat(changes.at("/results/0/doc/_attachments/x/data").asText()).isEqualTo(data);
    assertThat(changes.at("/results/1/doc/_id").asText()).isEqualTo("b");
    assertThat(all.at("/rows/0/doc/_attachments/x/data").asText()).isEqualTo(data);
    assertThat(MAPPER.readTree(line).at("/doc/_attachments/x/data").asText()).isEqualTo(data);
  }

  @Test
  void openRevs_multipartMixed_canBePutElsewhere() {
    byte[] text = utf8("again ".repeat(300));
    String first = rev(putBytes("/db/a/p.png", PIXELS, "Content-Type", "image/png"));
    String second = rev(putBytes("/db/a/t?rev=" + first, text, "Content-Type", "text/plain"));

    HttpResponse<byte[]> got =
        bytes(
            "/db/a?revs=true&latest=true&open_revs=%5B%22" + second + "%22%5D",
            "Accept",
            "multipart/mixed");

    String outer = new String(got.body(), StandardCharsets.ISO_8859_1);
    assertThat(header(got, "Content-Type")).startsWith("multipart/mixed; boundary=\"");
    int type = outer.indexOf("Content-Type: multipart/related; boundary=");
    int begin = outer.indexOf("\r\n\r\n", type) + 4;
    int end = outer.lastIndexOf("\r\n--");
    assertThat(type).isPositive();
    put("/copy", "");
    Answer made =
        putBytes(
            "/copy/a?new_edits=false",
            Arrays.copyOfRange(got.body(), begin, end),
            "Content-Type",
            outer.substring(type + "Content-Type: ".length(), begin - 4));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(get("/copy/a?att_encoding_info=true").text())
        .isEqualTo(get("/db/a?att_encoding_info=true").text());
    assertThat(bytes("/copy/a/p.png").body()).isEqualTo(PIXELS);
    assertThat(bytes("/copy/a/t").body()).isEqualTo(text);
    HttpResponse<byte[]> since =
        bytes(
            "/db/a?open_revs=%5B%22" + second + "%22%5D&atts_since=%5B%22" + first + "%22%5D",
            "Accept",
            "multipart/mixed");
    assertThat(since.body().length).isLessThan(3_000);
  }

  @Test
  void get_multipartRelated_hasThePartsThatAreAskedFor() {
    rev(putBytes("/db/a/x", PIXELS, "Content-Type", "image/png"));

    HttpResponse<byte[]> got = bytes("/db/a?attachments=true", "Accept", "multipart/related");

    assertThat(header(got, "Content-Type")).startsWith("multipart/related; boundary=\"");
    assertThat(new String(got.body(), StandardCharsets.ISO_8859_1))
        .contains("\"follows\":true")
        .contains("Content-Disposition: attachment; filename=\"x\"")
        .contains("Content-Length: 300000");
    assertThat(header(bytes("/db/a", "Accept", "multipart/related"), "Content-Type"))
        .isEqualTo("application/json");
  }

  @Test
  void compressed_hasTheDigestThatCouchDbGivesIt() {
    put("/db/a", "{'_attachments': {'t': {'content_type': 'text/plain', 'data': 'aGVsbG8='}}}");

    assertThat(get("/db/a").json().at("/_attachments/t/digest").asText())
        .isEqualTo("md5-iMaiC8wqiFlD2NjLTemvCQ==");
  }
}
