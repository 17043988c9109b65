package dev.stave.spec.bench.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a process of its own. */
public final class Contender implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:[0-9]+/");

  /** Linux counts the time of processes in hundredths of seconds. */
  private static final double TICKS = 100;

  private static final int USER_TIME = 11; // after the name of the program, which may have spaces
  private static final int SYSTEM_TIME = 12;

  private final Process process;
  private final URI address;

  private Contender(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    address = readAddress(command);
  }

  /** Stave as {@code stave serve} starts it, with so much heap. */
  public static Contender stave(Path data, String heap) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    String more = System.getProperty("bench.jvm", "");
    command.addAll(more.isEmpty() ? List.of() : List.of(more.split(" ")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.stave.server.Main", "serve", "--port", "0"));
    command.addAll(List.of("--data", data.toString()));
    return new Contender(command);
  }

  /** Any other, by a command that prints its address. */
  public static Contender of(String command, Path data) throws IOException {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.add(data.toString());
    return new Contender(words);
  }

  private URI readAddress(List<String> command) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher found = ADDRESS.matcher(line);
      if (found.find()) {
        return URI.create(found.group());
      }
    }
    throw new IOException("it ended without an address: " + command);
  }

  public URI address() {
    return address;
  }

  public long pid() {
    return process.pid();
  }

  /** What all its threads have used of the processors, in seconds. */
  public double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS;
  }

  /** Memory that it has, in MiB: heap, code, stacks and all. */
  public long residentMib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10;
      }
    }
    throw new IOException("the system does not say what memory the process has");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
