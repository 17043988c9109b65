package dev.stave.spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own, started by its command line on any free port. */
public final class ServerProcess implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+/");

  private final Process process;
  private final List<String> printed = new ArrayList<>();
  private final URI address;

  /** Starts {@code serve} with {@code options}, and waits until it says where it listens. */
  public ServerProcess(Path data, String... options) throws IOException {
    this(0, data, options);
  }

  /** The same, at a port that is known. */
  public ServerProcess(int port, Path data, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.stave.server.Main", "serve", "--port", "" + port));
    command.addAll(List.of("--data", data.toString()));
    command.addAll(Arrays.asList(options));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    address = readAddress();
  }

  private URI readAddress() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      printed.add(line);
      Matcher found = ADDRESS.matcher(line);
      if (found.find()) {
        drain(out);
        return URI.create(found.group());
      }
    }
    throw new IOException("the server ended: " + printed);
  }

  /** What nobody reads would hold it up. */
  private static void drain(BufferedReader out) {
    Thread reader = new Thread(() -> out.lines().forEach(line -> {}), "server-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Where it answers, with a slash at the end. */
  public URI address() {
    return address;
  }

  /** Has it stand still, as a machine does that is put to sleep, until {@link #wake}. */
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
  }

  public void wake() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    if (code != 0) {
      throw new IOException("kill -" + name + " ended with " + code);
    }
  }

  /** Kills it as nothing else would: nothing of it runs any more when this returns. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to stop, as Ctrl-C does. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the server did not stop when it was asked to");
    }
  }
}
