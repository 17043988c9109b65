package dev.stave.spec;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.onlyHaveDependenciesWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Packages and modules import one way only. A package that does not exist yet breaks no rule. */
class ArchitectureTest {

  private static final String ROOT = "dev.stave";

  /** The modules, lowest first. A package outside the other two belongs to core. */
  private static final List<String> MODULES = List.of("core", "sync", "server");

  /**
   * The lines of core, lowest first; the empty name is {@code dev.stave} itself. A package and its
   * subpackages may import packages of lower lines only, not those beside them.
   */
  private static final List<Set<String>> CORE_LINES =
      List.of(
          Set.of(""),
          Set.of("bytes", "concurrent"),
          Set.of("json"),
          Set.of("nodes", "policy"),
          Set.of("revision"),
          Set.of("document", "merge"),
          Set.of("storage"),
          Set.of("index", "changes"),
          Set.of("query"),
          Set.of("watch", "validation"),
          Set.of("database"),
          Set.of("review"));

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(place -> !place.contains("-tests.jar"))
          .importPackages(ROOT);

  private static final JavaClasses CORE =
      ALL.that(describe("are in core", type -> moduleOf(type).equals("core")));

  @Test
  void core_eachPackage_standsOnALine() {
    assertThat(CORE).extracting(ArchitectureTest::corePackageOf).isNotEmpty();
    assertThat(CORE)
        .allSatisfy(
            type ->
                assertThat(lineOf(type))
                    .as("%s is in no package of CORE_LINES", type.getName())
                    .isNotNegative());
  }

  @Test
  void core_eachPackage_importsLowerLinesOnly() {
    classes()
        .should(
            onlyHaveDependenciesWhere(
                dependency(
                    "the target is on a lower line",
                    (from, to) ->
                        corePackageOf(from).equals(corePackageOf(to))
                            || lineOf(to) < lineOf(from))))
        .check(CORE);
  }

  @Test
  void modules_each_importsLowerModulesOnly() {
    classes()
        .should(
            onlyHaveDependenciesWhere(
                dependency(
                    "the target is in the same module or a lower one",
                    (from, to) ->
                        MODULES.indexOf(moduleOf(to)) <= MODULES.indexOf(moduleOf(from)))))
        .check(ALL);
  }

  @Test
  void modules_each_usesExportedPackagesOfOthersOnly() {
    List<ModuleDescriptor> descriptors = moduleDescriptors();

    classes()
        .should(
            onlyHaveDependenciesWhere(
                dependency(
                    "the target is in the same module or in a package its module exports",
                    (from, to) ->
                        moduleOf(from).equals(moduleOf(to)) || exports(descriptors, from, to))))
        .check(ALL);
  }

  @Test
  void packages_all_areFreeOfCycles() {
    slices().assignedFrom(packages()).should().beFreeOfCycles().check(ALL);
  }

  /** Holds for dependencies between two classes of ours that {@code allowed} allows. */
  private static DescribedPredicate<Dependency> dependency(String description, Allowed allowed) {
    return describe(
        description,
        dependency -> {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          return !isOurs(target) || allowed.test(dependency.getOriginClass(), target);
        });
  }

  private interface Allowed {
    boolean test(JavaClass from, JavaClass to);
  }

  private static boolean isOurs(JavaClass type) {
    return resideInAPackage(ROOT + "..").test(type);
  }

  private static String moduleOf(JavaClass type) {
    String name = firstNameBelowRoot(type);
    return name.equals("sync") || name.equals("server") ? name : "core";
  }

  /** {@code storage} for a class of {@code dev.stave.storage} or of {@code dev.stave.storage.x}. */
  private static String corePackageOf(JavaClass type) {
    return firstNameBelowRoot(type);
  }

  private static String firstNameBelowRoot(JavaClass type) {
    String packageName = type.getPackageName();
    return packageName.equals(ROOT)
        ? ""
        : packageName.substring(ROOT.length() + 1).replaceFirst("\\..*", "");
  }

  /** The place of the class's package in {@link #CORE_LINES}, or -1. */
  private static int lineOf(JavaClass type) {
    for (int line = 0; line < CORE_LINES.size(); line++) {
      if (CORE_LINES.get(line).contains(corePackageOf(type))) {
        return line;
      }
    }
    return -1;
  }

  /** True also while the target's module has no {@code module-info}: then nothing is hidden. */
  private static boolean exports(List<ModuleDescriptor> descriptors, JavaClass from, JavaClass to) {
    Optional<ModuleDescriptor> target = descriptorOf(descriptors, moduleOf(to));
    String reader =
        descriptorOf(descriptors, moduleOf(from)).map(ModuleDescriptor::name).orElse("");
    return target.isEmpty()
        || target.get().exports().stream()
            .filter(export -> export.source().equals(to.getPackageName()))
            .anyMatch(export -> !export.isQualified() || export.targets().contains(reader));
  }

  private static Optional<ModuleDescriptor> descriptorOf(
      List<ModuleDescriptor> descriptors, String module) {
    Set<String> names =
        module.equals("core") ? Set.of(ROOT, ROOT + ".core") : Set.of(ROOT + "." + module);
    return descriptors.stream().filter(each -> names.contains(each.name())).findAny();
  }

  private static List<ModuleDescriptor> moduleDescriptors() {
    List<ModuleDescriptor> descriptors = new ArrayList<>();
    try {
      ClassLoader loader = ArchitectureTest.class.getClassLoader();
      for (URL url : Collections.list(loader.getResources("module-info.class"))) {
        try (InputStream in = url.openStream()) {
          descriptors.add(ModuleDescriptor.read(in));
        }
      }
    } catch (IOException e) {
      throw new AssertionError("module-info.class cannot be read", e);
    }
    return descriptors;
  }

  private static SliceAssignment packages() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return SliceIdentifier.of(type.getPackageName());
      }

      @Override
      public String getDescription() {
        return "packages";
      }
    };
  }
}
