package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Settings;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS with keys as they are made by others: here, by Java's keytool. */
@Timeout(60)
class TlsTest {

  private static final char[] PASSWORD = "secret".toCharArray();
  private static final char[] NONE = new char[0];

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"RSA, 2048", "EC, 256"})
  void pem_isServedOverHttp2(String algorithm, int bits) throws Exception {
    Path store = store("one", algorithm, bits);
    try (HttpServer server = serve(pem(store))) {
      HttpResponse<String> answer = get(client(store), server.address());

      assertThat(server.address().getScheme()).isEqualTo("https");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void pkcs12_isServed_overHttp1Too() throws Exception {
    Path store = store("one", "RSA", 2048);
    try (HttpServer server = serve(TlsFiles.pkcs12(store, PASSWORD))) {
      HttpRequest get =
          HttpRequest.newBuilder(server.address()).version(HttpClient.Version.HTTP_1_1).build();

      assertThat(client(store).send(get, BodyHandlers.ofString()).version())
          .isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  @Test
  void client_thatDoesNotSpeakTls_getsNothingAndHarmsNobody() throws Exception {
    Path store = store("one", "EC", 256);
    try (HttpServer server = serve(pem(store))) {
      try (RawSocket socket = new RawSocket(server.address())) {
        socket.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        socket.endSending();
        assertThat(socket.readAll()).doesNotContain("couchdb");
      } catch (IOException e) {
        // the server closed at once: as good
      }
      assertThat(get(client(store), server.address()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void certificate_renewed_isTakenUp() throws Exception {
    Path first = store("one", "EC", 256);
    Path second = store("two", "EC", 256);
    TlsFiles files = pem(first);
    try (HttpServer server = serve(files)) {
      assertThat(get(client(first), server.address()).statusCode()).isEqualTo(200);

      Files.writeString(folder.resolve("key.pem"), "half of it");
      Thread.sleep(1_100);
      assertThat(get(client(first), server.address()).statusCode()).isEqualTo(200);

      pem(second);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!isTrusted(client(second), server.address())) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(100);
      }
      assertThat(isTrusted(client(first), server.address())).isFalse();
    }
  }

  @Test
  void cookie_overTls_isForTlsOnly() throws Exception {
    Path store = store("one", "EC", 256);
    Path data = folder.resolve("data");
    try (Databases databases = Databases.open(data)) {
      Accounts.setAdmin(Settings.open(databases.settingsFile()), "root", "correct horse");
    }
    try (HttpServer server = serve(pem(store))) {
      HttpRequest login =
          HttpRequest.newBuilder(server.address().resolve("_session"))
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString("name=root&password=correct+horse"))
              .build();
      HttpResponse<String> answer = client(store).send(login, BodyHandlers.ofString());

      assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("; Secure");
    }
  }

  @Test
  void files_notThere_sayWhich() {
    TlsFiles files = TlsFiles.pem(folder.resolve("no.pem"), folder.resolve("key.pem"), NONE);

    assertThatThrownBy(() -> serve(files).close())
        .isInstanceOf(HttpServerException.class)
        .hasMessageContaining("cannot read " + folder.resolve("no.pem"));
  }

  @Test
  void key_ofAnotherCertificate_isRefused() throws Exception {
    pem(store("one", "EC", 256));
    Path key = Files.copy(folder.resolve("key.pem"), folder.resolve("other.pem"));
    pem(store("two", "EC", 256));

    assertThatThrownBy(() -> serve(TlsFiles.pem(folder.resolve("cert.pem"), key, NONE)).close())
        .hasMessageContaining("the key is not the certificate's");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA PRIVATE KEY, openssl pkcs8 -topk8",
    "ENCRYPTED PRIVATE KEY, --tls-password-file",
    "CERTIFICATE, there is no PKCS#8",
  })
  void key_ofAnotherKind_saysWhatToDo(String name, String advice) throws Exception {
    pem(store("one", "RSA", 2048));
    Path key = folder.resolve("key.pem");
    Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", name));

    assertThatThrownBy(() -> serve(TlsFiles.pem(folder.resolve("cert.pem"), key, NONE)).close())
        .isInstanceOf(HttpServerException.class)
        .hasMessageContaining(advice);
  }

  @Test
  void store_withAnotherPassword_isRefused() throws Exception {
    Path store = store("one", "EC", 256);

    assertThatThrownBy(() -> serve(TlsFiles.pkcs12(store, "wrong".toCharArray())).close())
        .hasMessageContaining("--tls-password-file");
  }

  private HttpServer serve(TlsFiles tls) {
    Databases databases = Databases.open(folder.resolve("data"));
    try {
      return HttpServer.start(
          databases, ServerOptions.of("127.0.0.1", 0, HttpLimits.DEFAULT).withTls(tls));
    } catch (RuntimeException e) {
      databases.close();
      throw e;
    }
  }

  private static HttpResponse<String> get(HttpClient client, URI address) throws Exception {
    return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
  }

  private static boolean isTrusted(HttpClient client, URI address) throws Exception {
    try {
      return get(client, address).statusCode() == 200;
    } catch (SSLHandshakeException e) {
      return false;
    }
  }

  /** Trusts what is in the store, and nothing else. */
  private static HttpClient client(Path store) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", load(store).getCertificate("stave"));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private Path store(String name, String algorithm, int bits) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "stave",
                "-keyalg",
                algorithm,
                "-keysize",
                "" + bits,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes());
    assertThat(keytool.waitFor()).as(said).isZero();
    return store;
  }

  private static KeyStore load(Path store) throws Exception {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    loaded.load(new ByteArrayInputStream(Files.readAllBytes(store)), PASSWORD);
    return loaded;
  }

  /** The same in {@code cert.pem} and {@code key.pem}. */
  private TlsFiles pem(Path store) throws Exception {
    KeyStore loaded = load(store);
    X509Certificate certificate = (X509Certificate) loaded.getCertificate("stave");
    Key key = loaded.getKey("stave", PASSWORD);
    assertThat(certificate.getSerialNumber()).isNotEqualTo(BigInteger.ZERO);
    Path certificates = folder.resolve("cert.pem");
    Path keyFile = folder.resolve("key.pem");
    Files.writeString(certificates, section("CERTIFICATE", certificate.getEncoded()));
    Files.writeString(keyFile, section("PRIVATE KEY", key.getEncoded()));
    return TlsFiles.pem(certificates, keyFile, NONE);
  }

  private static String section(String name, byte[] bytes) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + name + "-----\n" + base64 + "\n-----END " + name + "-----\n";
  }
}
