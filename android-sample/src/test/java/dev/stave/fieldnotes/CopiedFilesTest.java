package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeFalse;

import dev.stave.database.Database;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The files that the README says somebody may copy compile, without the rest of the app. */
public class CopiedFilesTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/stave/fieldnotes");

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  @Test
  public void filesOfTheReadme_withThreeStrings_compile() throws Exception {
    assumeFalse(
        "in the APK Stave and the app are in one place",
        place(Database.class).equals(place(R.class)));
    List<Path> copied = files(SOURCES);
    copied.addAll(files(SOURCES.resolve("data")));
    copied.addAll(files(SOURCES.resolve("sync")));
    assertThat(errors(copied)).anyMatch(each -> each.contains("Pictures")); // it is not found

    copied.add(SOURCES.resolve("photos/Pictures.java"));

    assertThat(errors(copied)).isEmpty();
  }

  private static URL place(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  private static List<Path> files(Path in) throws IOException {
    try (Stream<Path> all = Files.list(in)) {
      return all.filter(each -> each.toString().endsWith(".java"))
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }

  private List<String> errors(List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(told, null, null)) {
      List<JavaFileObject> sources = new ArrayList<>(List.of(new Strings()));
      manager.getJavaFileObjectsFromPaths(files).forEach(sources::add);
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-d",
              folder.newFolder().toString(),
              "-sourcepath",
              folder.newFolder().toString(),
              "-classpath",
              classPathWithoutTheApp());
      compiler.getTask(null, manager, told, options, null, sources).call();
    }
    return told.getDiagnostics().stream()
        .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
        .map(Object::toString)
        .collect(Collectors.toList());
  }

  private static String classPathWithoutTheApp() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(File.pathSeparator))
        .filter(each -> !new File(each, "dev/stave/fieldnotes/FieldNotesApp.class").exists())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The resources that these files need. */
  private static final class Strings extends SimpleJavaFileObject {

    Strings() {
      super(URI.create("string:///dev/stave/fieldnotes/R.java"), Kind.SOURCE);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return "package dev.stave.fieldnotes; final class R { static final class string {"
          + " static final int problem = 1, problem_changed = 2, problem_rule = 3; } }";
    }
  }
}
