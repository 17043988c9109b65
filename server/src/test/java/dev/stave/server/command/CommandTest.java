package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

  /** Makes the database {@code db}, with so many documents in segments and some more in the log. */
  Path fill(int documents) {
    Path path = Path.of(data, "db");
    try (Databases databases = Databases.open(Path.of(data))) {
      Database database = databases.create(new DatabaseName("db")).orElseThrow();
      for (int i = 0; i < documents; i++) {
        RevisionId first = database.put("doc-" + i, JsonObject.parse("{\"n\":" + i + "}"));
        String text = "{\"n\":" + i + ",\"text\":\"" + "lorem ".repeat(i % 200) + "\"}";
        database.put("doc-" + i, first, JsonObject.parse(text));
      }
      database.compact();
      database.put("newest", JsonObject.parse("{}"));
      database.delete("doc-0", database.get("doc-0").orElseThrow().revision());
    }
    return path;
  }

  /** Changes one bit in the middle of the first file with this ending. */
  static Path damage(Path database, String ending) throws IOException {
    try (Stream<Path> files = Files.list(database)) {
      Path file = files.filter(f -> f.toString().endsWith(ending)).sorted().findFirst().get();
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.delete(file); // a copy may have the same file under a second name
      Files.write(file, bytes);
      return file;
    }
  }

  /** The names in a folder, in order. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  static void assertFailed(Outcome outcome, int exitCode, String message) {
    assertThat(outcome.err()).startsWith("stave: ").contains(message).hasLineCount(1);
    assertThat(outcome.exitCode()).isEqualTo(exitCode);
    assertThat(outcome.out()).isEmpty();
  }

  /** Writes a file; single quotes become double ones. */
  String file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text.replace('\'', '"'), StandardCharsets.UTF_8);
    return file.toString();
  }
}
