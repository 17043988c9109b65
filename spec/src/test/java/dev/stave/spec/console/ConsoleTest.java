package dev.stave.spec.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.stave.spec.Browser;
import dev.stave.spec.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console as a person uses it: in a real browser, with a mouse and a keyboard. */
class ConsoleTest {

  private static final Path PICTURES = Path.of("target", "console");

  @TempDir private static Path folder;
  private static ServerProcess server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    assumeThat(Browser.executable())
        .as("Chromium is installed; without it the console is not tested: .ci/install-test-tools")
        .isPresent();
    server = new ServerProcess(folder.resolve("data"), "--sample");
    Path profile = Files.createDirectory(folder.resolve("profile"));
    browser = new Browser(Browser.executable().orElseThrow(), profile);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    browser.open(server.address() + "_console");
    browser.await("document.querySelectorAll('#results button').length === 25");
  }

  @Test
  void open_sampleData_showsDocumentsAndTheirNumber() throws Exception {
    assertThat(browser.evaluate("document.querySelector('#summary').textContent"))
        .startsWith("400 documents");
    browser.screenshot(PICTURES.resolve("documents.png"));
  }

  @Test
  void find_typedSelector_showsMatchesAndThePlan() throws Exception {
    browser.type("#selector", "{\"light.range_nm\": {\"$gt\": 25}, \"**.severity\": 5}");
    browser.type("#sort", "light.range_nm");
    browser.click("#query button");
    browser.await("document.querySelector('#plan').innerText.includes('**.severity')");

    assertThat(browser.evaluate("document.querySelector('#plan').innerText"))
        .contains("walked the index at light.range_nm");
    assertThat(browser.evaluate("document.querySelectorAll('#results button').length"))
        .isNotEqualTo("0");
    browser.screenshot(PICTURES.resolve("query.png"));
  }

  @Test
  void find_wrongSelector_saysWhatIsWrong() throws Exception {
    browser.type("#selector", "{\"light\": {\"$brighter\": 5}}");
    browser.click("#query button");

    browser.await("!document.querySelector('#error').hidden");
    assertThat(browser.evaluate("document.querySelector('#error').textContent"))
        .contains("Invalid operator: $brighter");
  }

  @Test
  void open_documentInConflict_showsBothSides() throws Exception {
    browser.type("#selector", "{\"_id\": \"lh-007\"}");
    browser.click("#query button");
    browser.await("document.querySelectorAll('#results button').length === 1");
    browser.click("#results button");
    browser.await("document.querySelector('.conflict')");

    assertThat(browser.evaluate("document.querySelector('.conflict').innerText"))
        .contains("tower.condition", "cracked render on the weather side", "Ruth Amsel");
    browser.screenshot(PICTURES.resolve("conflict.png"));
  }

  @Test
  void watch_byAnEventSource_getsSnapshotAndChanges() throws Exception {
    browser.evaluate(
        "(async () => {"
            + " const put = (path, body) => fetch(path, {method: 'PUT', body,"
            + " headers: {'Content-Type': 'application/json'}}).then(r => r.json());"
            + " await put('/live', '');"
            + " const first = await put('/live/first', '{\"watched\": true}');"
            + " window.told = [];"
            + " const source = new EventSource('/live/_watch?selector='"
            + " + encodeURIComponent('{\"watched\": true}'));"
            + " for (const name of ['snapshot', 'ready', 'add', 'remove', 'error'])"
            + " source.addEventListener(name, event => told.push("
            + " name + ' ' + (event.data ? JSON.parse(event.data)._id : 'lost')));"
            + " source.addEventListener('ready', async () => {"
            + " await put('/live/second', '{\"watched\": true}');"
            + " await put('/live/first?rev=' + first.rev, '{\"watched\": false}');"
            + " });"
            + " source.addEventListener('remove', () => source.close());"
            + " })()");
    browser.await("window.told && told.length === 4");

    assertThat(browser.evaluate("told"))
        .isEqualTo("snapshot first,ready undefined,add second,remove first");
  }
}
