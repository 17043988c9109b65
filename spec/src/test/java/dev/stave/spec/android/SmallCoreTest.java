package dev.stave.spec.android;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user pulls in with core: little, nothing that can clash, and nothing Android refuses. */
class SmallCoreTest {

  private static final long MAX_BYTES = 5 << 20;
  private static final int MAX_METHODS_OF_A_DEX = 65_536;
  private static final String D8 = "com/android/tools/r8/9.5.28/r8-9.5.28.jar";

  /** Core's own jar and all that it needs at run time, as Maven resolved it. */
  private static List<Path> jars() throws IOException {
    Path target = Path.of("..", "core", "target");
    String needed = Files.readString(target.resolve("runtime-classpath.txt")).trim();
    List<Path> jars = new ArrayList<>();
    for (String jar : needed.split(File.pathSeparator, -1)) {
      jars.add(Path.of(jar));
    }
    try (Stream<Path> own = Files.list(target)) {
      own.filter(
              file -> file.getFileName().toString().matches("stave-core-[^-]*(-SNAPSHOT)?\\.jar"))
          .forEach(jars::add);
    }
    return jars;
  }

  @Test
  void core_withAllItNeeds_isUnderFiveMebibytes() throws IOException {
    List<String> sizes = new ArrayList<>();
    long sum = 0;
    for (Path jar : jars()) {
      sizes.add(jar.getFileName() + " " + Files.size(jar));
      sum += Files.size(jar);
    }
    System.out.println("SmallCoreTest: " + sum + " bytes, " + sizes);

    assertThat(sum).as("%s", sizes).isLessThan(MAX_BYTES);
    assertThat(sizes)
        .allMatch(jar -> jar.matches("(jackson|RoaringBitmap|jspecify|stave-core)-.*"))
        .hasSize(6);
  }

  /**
   * Nothing of others is copied in, and nothing else is reached: users' own versions do as well.
   */
  @Test
  void core_classes_useTheJdkJacksonAndRoaringBitmapOnly() {
    DescribedPredicate<JavaClass> known =
        JavaClass.Predicates.resideInAnyPackage(
            "dev.stave..",
            "java..",
            "com.fasterxml.jackson..",
            "org.roaringbitmap..",
            "org.jspecify..");
    ArchRuleDefinition.classes()
        .should(ArchConditions.onlyDependOnClassesThat(known))
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPath(Path.of("..", "core", "target", "classes")));
  }

  @Test
  void core_andAllItNeeds_becomesOneDexForAndroid8(@TempDir Path folder) throws Exception {
    Path d8 =
        Path.of(
            System.getProperty(
                "maven.repo.local", System.getProperty("user.home") + "/.m2/repository"),
            D8);
    if (!Files.exists(d8)) {
      System.err.println("SmallCoreTest: D8 is not installed, so this is not tested: " + D8);
    }
    assumeTrue(Files.exists(d8), "no D8: see .ci/install-test-tools");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", d8.toString(), "com.android.tools.r8.D8", "--release"));
    command.addAll(List.of("--min-api", "26", "--lib", System.getProperty("java.home")));
    command.addAll(List.of("--output", folder.toString()));
    jars().forEach(jar -> command.add(jar.toString()));

    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines().filter(line -> line.startsWith("Error")).collect(Collectors.toList()))
        .isEmpty();
    int methods = methodsOf(folder.resolve("classes.dex"));
    System.out.println("SmallCoreTest: " + methods + " methods");
    assertThat(methods).isBetween(5_000, MAX_METHODS_OF_A_DEX);
    assertThat(folder.resolve("classes2.dex")).doesNotExist();
  }

  /** The size of the method table, which stands at 88 in a dex file's header. */
  private static int methodsOf(Path dex) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(dex)).order(ByteOrder.LITTLE_ENDIAN).getInt(88);
  }
}
