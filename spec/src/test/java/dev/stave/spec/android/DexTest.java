package dev.stave.spec.android;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stave.database.Database;
import dev.stave.sync.Replication;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * D8, which turns Java's classes into Android's, takes core, sync and all that comes with them, for
 * Android 8: with no word of warning, and into one file that leaves room for the app.
 *
 * <p>It is given the JDK for a library, which spares us Android's of 100 MB: D8 looks there for the
 * superclasses of what it rewrites only. That our classes call nothing that Android 8 lacks is
 * Animal Sniffer's part of the build.
 */
class DexTest {

  private static final Path LOCAL_REPOSITORY =
      Path.of(
          System.getProperty(
              "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));

  /** What a dex file can refer to; an app with more is split in several. */
  private static final int METHODS_IN_A_FILE = 1 << 16;

  private static final int METHOD_COUNT_OFFSET = 88;

  @TempDir private static Path out;

  private static String said;
  private static int exit;

  /** In a process of its own, whose JVM does not optimise what runs once: in half the time. */
  @BeforeAll
  static void runD8() throws IOException, InterruptedException {
    Path d8 = LOCAL_REPOSITORY.resolve("com/android/tools/r8/9.5.28/r8-9.5.28.jar");
    if (!Files.exists(d8)) {
      System.err.println("DexTest: D8 is not installed, so this is not tested: " + d8);
    }
    assumeTrue(Files.exists(d8), "no D8: see .ci/install-test-tools");
    Path home = Path.of(System.getProperty("java.home"));
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of("-cp", d8.toString(), "com.android.tools.r8.D8"));
    command.addAll(List.of("--release", "--min-api", "26"));
    command.addAll(List.of("--lib", home.toString(), "--output", out.toString()));
    command.addAll(programFiles());
    Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
    said = new String(run.getInputStream().readAllBytes(), UTF_8);
    exit = run.waitFor();
  }

  /** Jars, or what D8 takes in place of a folder: each of its classes. */
  private static List<String> programFiles() throws IOException {
    Set<Path> jars = new LinkedHashSet<>(RuntimeJars.of("sync", Replication.class));
    jars.addAll(RuntimeJars.of("core", Database.class));
    List<String> files = new ArrayList<>();
    for (Path jar : jars) {
      if (Files.isDirectory(jar)) {
        RuntimeJars.classes(jar).forEach(name -> files.add(jar.resolve(name).toString()));
      } else {
        files.add(jar.toString());
      }
    }
    return files;
  }

  @Test
  void d8_coreAndSync_makesOneFileAndWarnsOfNothing() throws IOException {
    assertThat(exit).as(said).isZero();
    assertThat(said).doesNotContain("Error", "Warning");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()).collect(Collectors.toList()))
          .containsExactly("classes.dex");
    }

    int methods = ByteBuffer.wrap(dex()).order(ByteOrder.LITTLE_ENDIAN).getInt(METHOD_COUNT_OFFSET);
    System.out.println("DexTest: " + dex().length + " bytes, " + methods + " methods");
    assertThat(methods)
        .isBetween(1, METHODS_IN_A_FILE * 3 / 4); // OkHttp and its Kotlin are a quarter of a file
  }

  @Test
  void d8_recordsLambdasAndSealedTypes_becomeWhatAndroid8Has() throws IOException {
    String dex = new String(dex(), ISO_8859_1); // names in it are ASCII

    assertThat(dex).contains("Ldev/stave/database/Database;", "Ldev/stave/sync/Replication;");
    assertThat(dex).contains("Lcom/android/tools/r8/RecordTag;"); // the new parent of records
    assertThat(dex)
        .doesNotContain(
            "Ljava/lang/Record;",
            "Ljava/lang/runtime/ObjectMethods;",
            "Ljava/lang/invoke/LambdaMetafactory;",
            "Ljava/lang/invoke/StringConcatFactory;",
            "Ldalvik/annotation/PermittedSubclasses;");
  }

  private static byte[] dex() throws IOException {
    return Files.readAllBytes(out.resolve("classes.dex"));
  }
}
