package dev.stave.spec.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map in {@code spec/architecture.md} shows the packages and doors that there are. */
class ArchitectureMapTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /** The packages in the map's table, each with the doors named beside it. */
  private static Map<String, List<String>> map() throws IOException {
    Map<String, List<String>> map = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("spec/architecture.md"))) {
      if (line.startsWith("|")) {
        List<String> names = new ArrayList<>();
        for (Matcher code = CODE.matcher(line); code.find(); ) {
          names.add(code.group(1));
        }
        if (!names.isEmpty()) {
          map.put(names.get(0), names.subList(1, names.size()));
        }
      }
    }
    return map;
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("core", "sync", "server", "android-sample")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  private static String packageOf(Path source) {
    String path = source.getParent().toString().replace('\\', '/');
    return path.substring(path.indexOf("src/main/java/") + "src/main/java/".length())
        .replace('/', '.');
  }

  @Test
  void map_packages_areThoseThatThereAre() throws IOException {
    TreeSet<String> packages =
        sources().stream()
            .filter(source -> source.endsWith("package-info.java"))
            .map(ArchitectureMapTest::packageOf)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(map().keySet()).containsExactlyElementsOf(packages);
  }

  @Test
  void map_doors_areInTheirPackages() throws IOException {
    List<String> types =
        sources().stream()
            .map(s -> packageOf(s) + "." + s.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toList());

    map()
        .forEach(
            (name, doors) ->
                assertThat(doors)
                    .allSatisfy(door -> assertThat(types).contains(name + "." + door)));
  }
}
