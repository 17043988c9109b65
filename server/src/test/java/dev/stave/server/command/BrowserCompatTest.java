package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real documents, deep and irregular: imported, asked, and every answer counted again naively. The
 * file lies beside the repository; where it is absent, this says so and does nothing.
 */
class BrowserCompatTest extends CommandTest {

  private static final Path FILE = Path.of("../../shared/data/browser-compat.ndjson.gz");
  private static final String TAG = "web-features:angle-instanced-arrays";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path imported;
  private static final List<JsonNode> DOCUMENTS = new ArrayList<>();
  private static @Nullable HttpServer server;

  @BeforeAll
  static void importOnce() throws IOException {
    assumeTrue(Files.exists(FILE), "SKIPPED: there is no " + FILE.toAbsolutePath().normalize());
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(FILE)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        DOCUMENTS.add(MAPPER.readTree(line));
      }
    }
    Outcome outcome = run("import", FILE.toString(), "compat", "--data", imported.toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).startsWith(String.format("%,d documents imported", DOCUMENTS.size()));
    server = HttpServer.start(Databases.open(imported), "127.0.0.1", 0, HttpLimits.DEFAULT);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static Set<String> ask(String selector) {
    Outcome outcome = run("query", "compat", selector, "--url", server.address().toString());
    assertThat(outcome.err()).isEmpty();
    return ids(outcome);
  }

  private static Set<String> ids(Outcome outcome) {
    Set<String> ids = new TreeSet<>();
    for (String line : outcome.lines()) {
      try {
        ids.add(MAPPER.readTree(line).get("_id").asText());
      } catch (IOException e) {
        throw new AssertionError(line, e);
      }
    }
    return ids;
  }

  private static Set<String> naively(Predicate<JsonNode> matches) {
    Set<String> ids = new TreeSet<>();
    for (JsonNode document : DOCUMENTS) {
      if (matches.test(document)) {
        ids.add(document.get("_id").asText());
      }
    }
    return ids;
  }

  private static boolean anywhere(JsonNode node, Predicate<JsonNode> test) {
    if (test.test(node)) {
      return true;
    }
    for (JsonNode child : node) {
      if (anywhere(child, test)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void query_documentsWithATag_areThoseThatHaveIt() {
    Set<String> found = ask("{\"**.__compat.tags\": {\"$elemMatch\": {\"$eq\": \"" + TAG + "\"}}}");

    assertThat(found)
        .isNotEmpty()
        .isEqualTo(naively(d -> anywhere(d, n -> hasTag(n.path("__compat").path("tags")))));
  }

  private static boolean hasTag(JsonNode tags) {
    for (JsonNode tag : tags) {
      if (tag.asText().equals(TAG)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void query_browserVersionAtOrAboveANumber_comparesVersions() {
    Set<String> found =
        ask("{\"**.support.chrome.version_added\": {\"$version\": {\"$gte\": 120}}}");

    assertThat(found)
        .hasSizeGreaterThan(10)
        .isEqualTo(
            naively(
                d ->
                    anywhere(
                        d,
                        n ->
                            isAtLeast120(n.path("support").path("chrome").path("version_added")))));
  }

  private static boolean isAtLeast120(JsonNode version) {
    return version.isTextual()
        && version.asText().matches("[0-9]+(\\.[0-9]+)*")
        && Integer.parseInt(version.asText().split("\\.")[0]) >= 120;
  }

  @Test
  void query_pathInExactlyOneDocument_findsThatOne() {
    Map<String, Integer> documentsWithPath = new HashMap<>();
    for (JsonNode document : DOCUMENTS) {
      Set<String> paths = new HashSet<>();
      addPaths(document, "", paths);
      paths.forEach(path -> documentsWithPath.merge(path, 1, Integer::sum));
    }
    List<String> unique =
        documentsWithPath.entrySet().stream()
            .filter(entry -> entry.getValue() == 1)
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    assertThat(unique).hasSizeGreaterThan(10_000);

    for (int i = 0; i < 3; i++) {
      String path = unique.get((2 * i + 1) * unique.size() / 6);
      assertThat(ask("{\"" + path.replace("\\", "\\\\") + "\": {\"$exists\": true}}"))
          .as(path)
          .hasSize(1);
    }
  }

  /** Names only: no steps into arrays. */
  private static void addPaths(JsonNode node, String path, Set<String> paths) {
    for (Iterator<Map.Entry<String, JsonNode>> i = node.fields(); i.hasNext(); ) {
      Map.Entry<String, JsonNode> member = i.next();
      String name = member.getKey();
      if (name.matches("[A-Za-z_][A-Za-z0-9_-]*")) {
        String below = path.isEmpty() ? name : path + "." + name;
        paths.add(below);
        addPaths(member.getValue(), below, paths);
      }
    }
  }

  @Test
  void import_overHttp_holdsTheSame() {
    String url = server.address().toString();
    String selector = "{\"**.support.safari.version_added\": \"15.4\"}";

    Outcome outcome = run("import", FILE.toString(), "again", "--url", url);

    assertThat(outcome.err()).isEmpty();
    assertThat(ids(run("query", "again", selector, "--url", url)))
        .hasSizeGreaterThan(10)
        .isEqualTo(ask(selector));
    assertThat(run("query", "again", "{}", "--url", url).out())
        .isEqualTo(run("query", "compat", "{}", "--url", url).out());
  }
}
