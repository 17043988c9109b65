package dev.stave.spec.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the README and the guide compiles, runs, and prints what it says. */
class JavaExamplesTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What the pages of the guide may use without saying so. */
  private static final List<String> IMPORTS =
      List.of(
          "com.fasterxml.jackson.databind.node.IntNode",
          "dev.stave.changes.*",
          "dev.stave.database.*",
          "dev.stave.document.*",
          "dev.stave.json.*",
          "dev.stave.merge.*",
          "dev.stave.nodes.*",
          "dev.stave.query.*",
          "dev.stave.review.*",
          "dev.stave.revision.*",
          "dev.stave.server.graphql.*",
          "dev.stave.sync.*",
          "dev.stave.sync.http.*",
          "dev.stave.sync.peer.*",
          "dev.stave.validation.*",
          "dev.stave.watch.*",
          "java.net.URI",
          "java.nio.file.Path",
          "java.time.Duration",
          "java.util.*");

  @TempDir private Path folder;

  @Test
  void readme_javaExample_printsWhatItSays() throws Exception {
    List<List<String>> blocks = Markdown.read(ROOT.resolve("README.md")).blocks("java");

    assertThat(blocks).hasSize(1);
    assertThat(blocks.get(0)).hasSizeLessThanOrEqualTo(22);
    runs(blocks.get(0), Markdown.promises(blocks.get(0)));
  }

  @Test
  void guide_firstDatabase_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/first-database.md");
  }

  @Test
  void guide_history_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/history.md");
  }

  @Test
  void guide_forks_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/forks.md");
  }

  @Test
  void guide_validation_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/validation.md");
  }

  @Test
  void guide_graphql_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/graphql.md");
  }

  @Test
  void guide_attachments_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/attachments.md");
  }

  @Test
  void guide_sync_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/sync.md");
  }

  @Test
  void guide_conflicts_printsWhatItSays() throws Exception {
    runsAsOneProgram("spec/guide/conflicts.md");
  }

  private void runsAsOneProgram(String page) throws Exception {
    List<String> statements = new ArrayList<>();
    Markdown.read(ROOT.resolve(page)).blocks("java").forEach(statements::addAll);
    List<String> program = new ArrayList<>();
    IMPORTS.forEach(name -> program.add("import " + name + ";"));
    program.add("public class Guide {");
    program.add("  public static void main(String[] args) throws Exception {");
    program.addAll(statements);
    program.add("  }");
    program.add("}");

    runs(program, Markdown.promises(statements));
  }

  /** Started as a user would: {@code java Example.java}, in a folder of its own. */
  private void runs(List<String> program, List<String> promised) throws Exception {
    assertThat(promised).isNotEmpty();
    Path source = folder.resolve("Example.java");
    Files.write(source, program);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    List<String> printed = output(process);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("%s", printed).isZero();
    assertThat(printed.stream().filter(l -> !l.startsWith("Note:")).collect(Collectors.toList()))
        .containsExactlyElementsOf(promised);
  }

  private static List<String> output(Process process) throws IOException {
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return text.lines().collect(Collectors.toList());
  }
}
