package dev.stave.spec.android;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.stave.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * An app takes on little with core, and nothing that could clash with its own Guava, Kotlin or
 * MapDB of whatever version: there is none, neither as a library nor as a copy inside a jar. (Of
 * version ranges the build itself sees to it that there are none: Enforcer's {@code
 * banDynamicVersions}.)
 */
class SmallCoreTest {

  private static final long LIMIT = 5 << 20;

  /** What may come in, as a library or inside one. */
  private static final String PACKAGES =
      "(dev/stave|com/fasterxml/jackson|com/google/re2j|dev/harrel/jsonschema|org/roaringbitmap|org/jspecify)/.*";

  private static List<Path> jars() throws IOException {
    return RuntimeJars.of("core", Database.class);
  }

  @Test
  void jars_together_areUnderFiveMebibytes() throws IOException {
    long total = jars().stream().mapToLong(RuntimeJars::size).sum();
    String sizes =
        jars().stream().map(jar -> line(RuntimeJars.size(jar), jar)).collect(joining("\n"));
    System.out.println("SmallCoreTest: " + total + " bytes\n" + sizes);

    assertThat(jars()).as("core alone: its class path is not the real one").hasSizeGreaterThan(1);
    assertThat(total).as("what comes with core:\n%s", sizes).isLessThan(LIMIT);
  }

  private static String line(long size, Path jar) {
    return String.format(Locale.ROOT, "%,12d %s", size, jar.getFileName());
  }

  @Test
  void jars_each_holdNoPackageButThoseOfSixProjects() throws IOException {
    for (Path jar : jars()) {
      assertThat(packagedClasses(jar)).as("%s", jar).isNotEmpty();
      assertThat(packagedClasses(jar)).as("%s", jar).allMatch(name -> name.matches(PACKAGES));
    }
  }

  @Test
  void core_itsOwnJar_holdsOurPackagesOnly() throws IOException {
    assertThat(packagedClasses(RuntimeJars.homeOf(Database.class)))
        .allMatch(name -> name.startsWith("dev/stave/"));
  }

  /** A class for later releases of Java counts as any other. */
  private static List<String> packagedClasses(Path jar) throws IOException {
    return RuntimeJars.classes(jar).stream()
        .map(name -> name.replaceFirst("^META-INF/versions/[0-9]+/", ""))
        .collect(toList());
  }

  /** What is reached by name, and not seen here, is in {@link MissingClassesTest}. */
  @Test
  void core_itsClasses_useJavaAndThoseProjectsOnly() {
    String home = RuntimeJars.homeOf(Database.class).toUri().getRawPath();
    JavaClasses core =
        new ClassFileImporter()
            .withImportOption(location -> location.contains(home))
            .importPackages("dev.stave");

    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "dev.stave..",
            "com.fasterxml.jackson..",
            "com.google.re2j..",
            "dev.harrel.jsonschema..",
            "org.roaringbitmap..",
            "org.jspecify..")
        .check(core);
  }
}
