package dev.stave.server.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line, in this process. */
abstract class CommandTest {

  @TempDir Path folder;
  String data;

  /** What a command said and how it ended. */
  record Outcome(int exitCode, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  @BeforeEach
  void folders() {
    data = folder.resolve("data").toString();
  }

  static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        StaveCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  /** Runs a command on the data folder of this test. */
  Outcome runOnData(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--data");
    all.add(data);
    return run(all.toArray(new String[0]));
  }

  /** Writes a file; single quotes become double ones. */
  String file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text.replace('\'', '"'), StandardCharsets.UTF_8);
    return file.toString();
  }
}
