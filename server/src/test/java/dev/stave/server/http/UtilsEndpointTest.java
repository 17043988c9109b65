package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class UtilsEndpointTest extends ServerTest {

  private static final String LONG = "x".repeat(20_000);

  /** As npm's package is unpacked, with something beside the pages that nobody may have. */
  private Path unpacked() throws IOException {
    Path pages = Files.createDirectories(folder.resolve("package/dist/release/assets"));
    Files.writeString(pages.resolveSibling("index.html"), "<title>Fauxton</title>");
    Files.writeString(pages.resolve("all.js"), LONG);
    Files.writeString(folder.resolve("package/secret.txt"), "secret");
    Files.createSymbolicLink(
        pages.resolve("link.txt"), folder.resolve("package/secret.txt").toAbsolutePath());
    return folder.resolve("package");
  }

  private void serve(Path utils) {
    server.close();
    start(utils);
  }

  private void start(Path utils) {
    databases = Databases.open(folder.resolve("data"));
    server =
        HttpServer.start(
            databases, ServerOptions.of("127.0.0.1", 0, HttpLimits.DEFAULT).withUtils(utils));
  }

  @Test
  void utils_noFolder_isAPageThatSaysHowToGetOne() {
    Answer answer = get("/_utils/");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).startsWith("text/html");
    assertThat(answer.text()).contains("npm pack fauxton", "--utils");
  }

  @Test
  void utils_package_isServedFromItsPages() throws IOException {
    serve(unpacked());

    assertThat(get("/_utils").status()).isEqualTo(301);
    assertThat(get("/_utils").header("Location")).isEqualTo("/_utils/");
    assertThat(get("/_utils/").text()).contains("Fauxton");
    assertThat(get("/_utils/").header("Content-Security-Policy")).contains("default-src 'self'");
    Answer script = get("/_utils/assets/all.js");
    assertThat(script.header("Content-Type")).startsWith("text/javascript");
    assertThat(script.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(get("/_utils/assets/all.js", "If-None-Match", script.header("ETag")).status())
        .isEqualTo(304);
    assertThat(get("/_utils/assets/all.js", "Accept-Encoding", "gzip").header("Content-Encoding"))
        .isEqualTo("gzip");
    assertThat(head("/_utils/assets/all.js").status()).isEqualTo(200);
    assertThat(get("/_utils/docs/api/server/common.html").header("Location"))
        .isEqualTo("https://docs.couchdb.org/en/stable/api/server/common.html");
    assertThat(send(request("/_utils/").DELETE()).error()).isEqualTo("405 method_not_allowed");
  }

  @Test
  void utils_pathThatLeavesTheFolder_isNotFound() throws IOException {
    serve(unpacked());

    for (String path :
        List.of(
            "../secret.txt",
            "..%2f..%2fsecret.txt",
            "assets/..%2f..%2f..%2fsecret.txt",
            "%2fetc%2fpasswd",
            "..%5csecret.txt",
            "assets/link.txt",
            "assets",
            "all.js%00")) {
      assertThat(get("/_utils/" + path).status()).as(path).isEqualTo(404);
    }
  }

  @Test
  void utils_folderWithoutPages_isRefusedAtTheStart() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    server.close();

    assertThatThrownBy(() -> start(empty))
        .isInstanceOf(HttpServerException.class)
        .hasMessageContaining("npm pack fauxton");
    databases.close();
    start();
  }

  @Test
  void clusterSetup_singleNode_makesAdministratorAndDatabases() {
    assertThat(get("//_cluster_setup").json().get("state").asText())
        .isEqualTo("single_node_disabled");
    assertThat(post("/_cluster_setup", "{'action': 'enable_cluster'}").error())
        .isEqualTo("400 bad_request");
    assertThat(post("/_cluster_setup", "{'action': 'enable_single_node'}").error())
        .isEqualTo("400 bad_request");
    String action = "{'action': 'enable_single_node', 'username': 'root', 'password': 'secret'}";

    assertThat(post("/_cluster_setup", action).status()).isEqualTo(201);
    assertThat(post("/_cluster_setup", action).error()).isEqualTo("401 unauthorized");
    String basic = "Basic cm9vdDpzZWNyZXQ=";
    assertThat(get("/_cluster_setup", "Authorization", basic).json().get("state").asText())
        .isEqualTo("single_node_enabled");
    assertThat(get("/_all_dbs", "Authorization", basic).json()).hasSize(2);
  }
}
