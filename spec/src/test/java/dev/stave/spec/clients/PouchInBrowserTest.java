package dev.stave.spec.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import dev.stave.spec.Browser;
import dev.stave.spec.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PouchDB with IndexedDB in a real browser, on a page of another site, replicates live in both
 * directions while the server is stopped and started again.
 */
class PouchInBrowserTest {

  private static final Path POUCH =
      Path.of("clients", "node_modules", "pouchdb", "dist", "pouchdb.min.js");
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  @Test
  void liveReplication_goesOnThroughARestartOfTheServer() throws Exception {
    assumeThat(Browser.executable())
        .as("Chromium is installed; without it this is not tested: .ci/install-test-tools")
        .isPresent();
    assumeThat(POUCH)
        .as("npm's clients are installed; without them this is not tested: .ci/install-test-tools")
        .exists();
    Path data = folder.resolve("data");
    HttpServer site = site();
    String origin = "http://127.0.0.1:" + site.getAddress().getPort();
    Path profile = Files.createDirectory(folder.resolve("profile"));
    ServerProcess server = new ServerProcess(data);
    URI address = server.address();
    try (Browser browser = new Browser(Browser.executable().orElseThrow(), profile)) {
      put(address + "_node/_local/_config/chttpd/enable_cors", "\"true\"");
      put(address + "_node/_local/_config/cors/credentials", "\"true\""); // PouchDB sends them
      put(address + "_node/_local/_config/cors/origins", "\"" + origin + "\"");
      put(address + "notes", "");
      put(address + "notes/there", "{\"text\": \"from the server\"}");

      browser.open(origin + "/");
      browser.await("window.PouchDB");
      browser.evaluate("window.begin('" + address + "notes')");
      browser.await("window.texts.there === 'from the server'");
      browser.evaluate("window.local.put({_id: 'here', text: 'from the page'})");
      await(address + "notes/here", "from the page");

      server.close();
      browser.evaluate("window.local.put({_id: 'offline', text: 'while it was away'})");
      server = new ServerProcess(address.getPort(), data);
      await(address + "notes/offline", "while it was away");
      put(address + "notes/later", "{\"text\": \"after it\"}");
      browser.await("window.texts.later === 'after it'");

      assertThat(browser.evaluate("Object.keys(window.texts).length")).isEqualTo("4");
      assertThat(browser.evaluate("window.local.adapter")).isEqualTo("idb");
    } finally {
      server.close();
      site.stop(0);
    }
  }

  /** A page that begins to replicate when it is told to, and knows the texts of all documents. */
  private static HttpServer site() throws Exception {
    byte[] pouch = Files.readAllBytes(POUCH);
    String page =
        "<!doctype html><script src='pouchdb.js'></script><script>"
            + "window.texts = {};"
            + "window.begin = (remote) => {"
            + "  window.local = new PouchDB('notes');"
            + "  local.changes({live: true, include_docs: true})"
            + "      .on('change', (change) => texts[change.id] = change.doc.text);"
            + "  local.sync(remote, {live: true, retry: true, back_off_function: () => 200});"
            + "};</script>";
    HttpServer site =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext(
        "/",
        exchange -> {
          boolean isScript = exchange.getRequestURI().getPath().equals("/pouchdb.js");
          byte[] body = isScript ? pouch : page.getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .set("Content-Type", isScript ? "text/javascript" : "text/html");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    site.start();
    return site;
  }

  private static void put(String address, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address)).PUT(BodyPublishers.ofString(body)).build();
    assertThat(HTTP.send(request, BodyHandlers.ofString()).statusCode()).isLessThan(300);
  }

  private static void await(String address, String text) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
    for (int i = 0; i < 400; i++) {
      if (HTTP.send(request, BodyHandlers.ofString()).body().contains(text)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the server never got: " + text);
  }
}
