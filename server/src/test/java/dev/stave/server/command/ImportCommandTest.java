package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.http.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportCommandTest extends CommandTest {

  private static final String TWO_LINES = "{'_id': 'a', 'n': 1}\n\n{'_id': 'b', 'n': 2}\r\n";

  private String ids() {
    StringBuilder ids = new StringBuilder();
    for (String line : runOnData("query", "db", "{}", "--sort", "_id").lines()) {
      ids.append(ids.isEmpty() ? "" : " ").append(line.split("\"", 5)[3]);
    }
    return ids.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lines.txt   | {'_id': 'a'}~{'_id': 'b'}~                    | a b",
        "lines.json  | {'_id': 'a', 's': '}{'}                       | a",
        "array.json  | ~ [ {'_id': 'a'} , ~{'_id': 'b', 'x': [']']} ] ~ | a b",
        "empty.json  | []                                            | ``",
        "nothing     | ``                                            | ``",
        "docs.json   | {'docs': [{'_id': 'a'}, {'_id': 'b'}]}        | a b",
        "docs2.json  | { 'new_edits' : true, 'docs' :~[{'_id': 'a'}]}~ | a",
        "one.json    | {~'_id': 'a',~'x': {'y': '\\\"'}~}~            | a",
        "pretty.json | {~'_id': 'a'~}~{~'_id': 'b'~}                 | a b",
        "docs.ndjson | {'docs': 1, '_id': 'a'}~{'_id': 'b'}          | a b",
      })
  void import_everyForm_isUnderstood(String name, String text, String ids) throws IOException {
    Outcome outcome = runOnData("import", file(name, text.replace('~', '\n')), "db");

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(ids()).isEqualTo(ids);
  }

  @Test
  void import_gzip_isKnownByItsFirstBytes() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(TWO_LINES.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
    Path file = Files.write(folder.resolve("whatever"), zipped.toByteArray());

    Outcome outcome = runOnData("import", file.toString(), "db");

    assertThat(outcome.out()).startsWith("2 documents imported in ").contains("/s)");
    assertThat(ids()).isEqualTo("a b");
    Path cut = folder.resolve("cut");
    Files.write(cut, Arrays.copyOf(zipped.toByteArray(), zipped.size() - 12));
    Outcome outcomeOfCut = runOnData("import", cut.toString(), "other");
    assertThat(outcomeOfCut.exitCode()).isEqualTo(1);
    assertThat(outcomeOfCut.err()).contains("cut").hasLineCount(1);
    Path header = Files.write(folder.resolve("header"), Arrays.copyOf(zipped.toByteArray(), 6));
    Outcome outcomeOfHeader = runOnData("import", header.toString(), "other");
    assertThat(outcomeOfHeader.exitCode()).isEqualTo(1);
    assertThat(outcomeOfHeader.err()).contains("the compressed file ends too early");
  }

  @Test
  void import_documentOverTheLimit_namesItsLine() throws IOException {
    String big = "{\"_id\":\"big\",\"text\":\"" + "x".repeat(9 << 20) + "\"}";
    Path file = Files.writeString(folder.resolve("big"), "{\"_id\":\"a\"}\n" + big + "\n");

    Outcome outcome = runOnData("import", file.toString(), "db");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("big:2: ").hasLineCount(1);
  }

  @Test
  void import_standardInput_works() {
    InputStream usual = System.in;
    try {
      System.setIn(new ByteArrayInputStream("{\"_id\": \"a\"}".getBytes(StandardCharsets.UTF_8)));
      assertThat(runOnData("import", "-", "db").exitCode()).isZero();
    } finally {
      System.setIn(usual);
    }
    assertThat(ids()).isEqualTo("a");
  }

  @Test
  void import_again_leavesWhatIsThere() throws IOException {
    String file = file("a.ndjson", TWO_LINES + "{'no': 'id'}\n{'no': 'id'}\n");
    runOnData("import", file, "db");

    Outcome again = runOnData("import", file, "db");

    assertThat(again.out()).startsWith("0 documents imported").contains("4 were there already");
    assertThat(ids().split(" ")).hasSize(4);
  }

  @Test
  void import_revisions_areDroppedAndThatIsSaid() throws IOException {
    String file = file("a.ndjson", "{'_id': 'a', '_rev': '7-x'}\n{'_id': 'b'}\n");

    Outcome outcome = runOnData("import", file, "db");

    assertThat(outcome.out()).contains("_rev of 1 dropped");
    assertThat(runOnData("query", "db", "{}").out()).doesNotContain("7-x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'_id': 'c' 'n': 1}            | :3: malformed JSON",
        "{'_id': 'c', 'n': 1, 'n': 2}   | :3: duplicate key: path=/n, byte=26",
        "7                              | :3: a document is a JSON object",
        "{'_id': '_c'}                  | :3: Only reserved document ids",
        "{'_id': 'c', '_x': 1}          | :3: Bad special document member: _x",
        "{'_attachments': {'x': {'data': ''}}}| :3: attachments (_attachments) cannot be imported",
        "{'_id': 'c', '_deleted': true} | :3: a deleted document",
      })
  void import_badLine_stopsAndNamesIt(String bad, String error) throws IOException {
    String file = file("a.ndjson", "{'_id': 'a'}\n\n" + bad + "\n{'_id': 'd'}\n");

    Outcome stopped = runOnData("import", file, "db");

    assertThat(stopped.exitCode()).isEqualTo(1);
    assertThat(stopped.err())
        .startsWith("stave: " + file + error)
        .contains("stopped, 0 documents are imported")
        .hasLineCount(1);
    assertThat(ids()).isEmpty();

    Outcome skipped = runOnData("import", file, "db", "--skip-invalid");

    assertThat(skipped.exitCode()).isZero();
    assertThat(skipped.err()).startsWith(file + error).hasLineCount(1);
    assertThat(skipped.out()).contains("2 documents imported").contains("1 invalid left out");
    assertThat(ids()).isEqualTo("a d");
  }

  @Test
  void import_badLineAfterBatches_keepsThemAndSaysHowMany() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 1_200; i++) {
      lines.append("{'_id': 'd").append(i).append("'}\n");
    }

    Outcome outcome = runOnData("import", file("a.ndjson", lines + "oops\n"), "db");

    assertThat(outcome.err()).contains(":1201: ").contains("1,000 documents are imported");
    assertThat(ids().split(" ")).hasSize(1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'a': 1} {'b': 2}] | :1: expected a comma or ]",
        "[{'a': 1},~]        | :2: expected an object",
        "[{'a': 1},~{'b': 2  | :2: the object that begins in line 2 is not closed",
        "[{'a': 1}           | :1: the array is not closed",
        "[{'a': 1}] x        | :1: something follows the end",
        "[1]                 | :1: expected an object",
        "{'docs': [], 'x': 1}| :1: expected the end of",
      })
  void import_brokenArray_isAnErrorWithItsLine(String text, String error) throws IOException {
    String file = file("a.json", text.replace('~', '\n'));

    Outcome outcome = runOnData("import", file, "db", "--skip-invalid");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("stave: " + file + error).hasLineCount(1);
  }

  @Test
  void import_wrongArguments_sayWhatIsRight() throws IOException {
    String file = file("a.ndjson", TWO_LINES);

    assertThat(run("import").exitCode()).isEqualTo(2);
    assertThat(run("import", file).err()).contains("'DB'").contains("--help").hasLineCount(1);
    assertThat(run("import", file, "db", "--data", data, "--url", "http://x").exitCode())
        .isEqualTo(2);
    assertThat(runOnData("import", folder + "/none", "db").err())
        .isEqualTo("stave: there is no file " + folder + "/none\n");
    assertThat(runOnData("import", file, "../up").err()).startsWith("stave: Name: '../up'.");
    assertThat(run("import", file, "db", "--url", "http://127.0.0.1:1").err())
        .contains("is a server running there?")
        .hasLineCount(1);
    assertThat(run("import", file, "db", "--url", "not a url").err()).contains("--url is");
  }

  @Test
  void import_dataFolderOfARunningServer_saysToUseItsUrl() throws IOException {
    String file = file("a.ndjson", TWO_LINES);
    try (Databases databases = Databases.open(Path.of(data))) {
      assertThat(databases.list()).isEmpty();
      Outcome outcome = runOnData("import", file, "db");
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err()).contains("--url").hasLineCount(1);
    }
  }

  @Test
  void import_overHttp_isTheSame() throws IOException {
    String file = file("a.ndjson", TWO_LINES + "{'no': 'id'}\n{}\n");
    try (HttpServer server =
        HttpServer.start(Databases.open(Path.of(data)), "127.0.0.1", 0, HttpLimits.DEFAULT)) {
      String url = server.address().toString();

      Outcome first = run("import", file, "db", "--url", url);
      Outcome again = run("import", file, "db", "--url", url);

      assertThat(first.out()).startsWith("4 documents imported");
      assertThat(again.out()).contains("4 were there already");
      assertThat(run("query", "db", "{\"n\": 2}", "--url", url).out()).contains("\"_id\":\"b\"");
    }
    String file2 = file("b.ndjson", TWO_LINES + "{'no': 'id'}\n{}\n");
    assertThat(runOnData("import", file2, "db").out()).contains("4 were there already");
  }

  @Test
  void import_refused_makesNothing() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path photo = Files.createFile(other.resolve("photo"));

    Outcome foreign = run("import", file("a", TWO_LINES), "db", "--data", other.toString());
    Outcome bad = runOnData("import", file("b", "oops"), "db");

    assertThat(foreign.err()).contains("not a data folder of Stave").hasLineCount(1);
    assertThat(other).isDirectoryNotContaining(file -> !file.equals(photo));
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(Path.of(data)).doesNotExist();
  }
}
