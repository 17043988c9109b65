package dev.stave.spec.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.spec.ServerProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell lines of the runbook work as they stand, in their order, from a backup to a repair. */
class RunbookTest {

  private static final Path PAGE = Path.of("../spec/guide/backup-and-repair.md");
  private static final String URL = "http://127.0.0.1:5984";

  @TempDir private Path folder;

  /** What the lines of a block need that an earlier one set. */
  private String before = "";

  @Test
  void runbook_shellLines_doWhatTheySay() throws Exception {
    List<String> blocks =
        Markdown.read(PAGE).blocks("sh").stream()
            .map(lines -> lines.stream().collect(Collectors.joining("\n")))
            .collect(Collectors.toList());
    assertThat(blocks).hasSize(9);
    makeStave();
    Files.writeString(folder.resolve("docs"), "{\"_id\": \"a\"}\n{\"_id\": \"b\"}\n");
    try (ServerProcess server = new ServerProcess(folder.resolve("data"))) {
      String address = server.address().toString();
      runs("stave import docs mydb --url " + address);
      assertThat(runs(blocks.get(0).replace(URL, address))).endsWith("and is whole\n");
      assertThat(runs(blocks.get(8).replace(URL, address)))
          .contains("documents               2,", "the server has begun to compact mydb");
    }

    String rehearsal = runs(blocks.get(1));
    assertThat(rehearsal).contains("whole: ", "mydb is restored in ", "\"_id\":\"a\"");
    assertThat(runs(blocks.get(2))).contains("mydb-restored is restored in ");
    before = blocks.get(2).lines().findFirst().orElseThrow() + "\n";
    assertThat(runs(blocks.get(3))).contains("mydb is restored in ", ": 2 documents");
    before = "";
    assertThat(runs(blocks.get(4))).startsWith("whole: ");
    assertThat(runs(blocks.get(5))).endsWith("nothing is lost\n");
    runs(blocks.get(6));
    assertThat(runs(blocks.get(7))).startsWith("the index is right: made anew, ");
    assertThat(runs("stave query mydb '{}' --data data")).hasLineCount(2);
  }

  /** The command as an operator has it on the path. */
  private void makeStave() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String line =
        String.format(
            "#!/bin/sh\nexec '%s' -cp '%s' dev.stave.server.Main \"$@\"\n",
            java, System.getProperty("java.class.path"));
    Path command = Files.writeString(folder.resolve("stave"), line);
    assertThat(command.toFile().setExecutable(true)).isTrue();
  }

  private String runs(String lines) throws Exception {
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-ec", before + lines).directory(folder.toFile());
    shell.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
    Process process = shell.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", lines, printed).isZero();
    return printed;
  }
}
