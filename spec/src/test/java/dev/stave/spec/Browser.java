package dev.stave.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Chromium without a window, told what to do over its DevTools protocol. */
public final class Browser implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TIMEOUT_SECONDS = 20;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private int lastId;

  /** Where Chromium is, if it is installed. */
  public static Optional<Path> executable() {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts one with an empty profile. */
  public Browser(Path executable, Path profile) throws Exception {
    process =
        new ProcessBuilder(
                executable.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1280,900",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    int port = Integer.parseInt(Files.readAllLines(appeared(profile, "DevToolsActivePort")).get(0));
    HttpClient http = HttpClient.newHttpClient();
    URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
    String pages =
        http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
            .body();
    String page = JSON.readTree(pages).get(0).get("webSocketDebuggerUrl").asText();
    socket = http.newWebSocketBuilder().buildAsync(URI.create(page), new Listener()).join();
    send("Page.enable", Map.of());
    send("Runtime.enable", Map.of());
  }

  private Path appeared(Path folder, String file) throws Exception {
    Path path = folder.resolve(file);
    for (int i = 0; i < TIMEOUT_SECONDS * 10; i++) {
      if (Files.exists(path) && Files.readAllLines(path).size() > 1) {
        return path;
      }
      Thread.sleep(100);
    }
    throw new IOException("Chromium did not start: " + Files.readString(folder.resolve("log")));
  }

  /** Puts the parts of messages together and queues them. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      parts.append(data);
      if (last) {
        messages.add(parts.toString());
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private JsonNode send(String method, Map<String, Object> parameters) throws Exception {
    ObjectNode command = JSON.createObjectNode().put("id", ++lastId).put("method", method);
    command.set("params", JSON.valueToTree(parameters));
    socket.sendText(command.toString(), true).join();
    while (true) {
      String message = messages.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new IOException("no answer to " + method);
      }
      JsonNode answer = JSON.readTree(message);
      if (answer.path("id").asInt() == lastId) {
        return answer.path("result");
      }
    }
  }

  /** Goes to a page. */
  public void open(String address) throws Exception {
    send("Page.navigate", Map.of("url", address));
  }

  /** What {@code expression} is in the page, as text. */
  public String evaluate(String expression) throws Exception {
    JsonNode answer = send("Runtime.evaluate", Map.of("expression", "String(" + expression + ")"));
    if (answer.has("exceptionDetails")) {
      throw new IOException(expression + ": " + answer.get("exceptionDetails"));
    }
    return answer.path("result").path("value").asText();
  }

  /** Waits until {@code condition} is true in the page. */
  public void await(String condition) throws Exception {
    for (int i = 0; i < TIMEOUT_SECONDS * 20; i++) {
      if (evaluate("Boolean(" + condition + ")").equals("true")) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(
        condition + " did not come true; the page says: " + evaluate("document.body.innerText"));
  }

  /** Types into what {@code selector} finds, key by key as a person does. */
  public void type(String selector, String text) throws Exception {
    evaluate("(e => { e.focus(); e.select(); })(document.querySelector('" + selector + "'))");
    send("Input.insertText", Map.of("text", text));
  }

  /** Presses the left mouse button in the middle of what {@code selector} finds. */
  public void click(String selector) throws Exception {
    String middle =
        evaluate(
            "(e => { e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
                + " return (b.x + b.width / 2) + ' ' + (b.y + b.height / 2); })"
                + "(document.querySelector('"
                + selector
                + "'))");
    String[] place = middle.split(" ");
    for (String type : List.of("mousePressed", "mouseReleased")) {
      send(
          "Input.dispatchMouseEvent",
          Map.of(
              "type",
              type,
              "x",
              Double.valueOf(place[0]),
              "y",
              Double.valueOf(place[1]),
              "button",
              "left",
              "clickCount",
              1));
    }
  }

  /** Keeps a picture of the page. */
  public void screenshot(Path file) throws Exception {
    String png = send("Page.captureScreenshot", Map.of("format", "png")).get("data").asText();
    Files.createDirectories(file.getParent());
    Files.write(file, Base64.getDecoder().decode(png));
  }

  @Override
  public void close() throws Exception {
    socket.abort();
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
