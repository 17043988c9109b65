package dev.stave.spec.android;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a module brings to an app: its own jar and those of its runtime class path, which Maven
 * leaves in the module's {@code target}. Until Maven packages (as in {@code mvn test}) a module of
 * ours is a folder of classes.
 */
final class RuntimeJars {

  private RuntimeJars() {}

  /** The jars of {@code module}, its own first; {@code type} is any class of it. */
  static List<Path> of(String module, Class<?> type) throws IOException {
    List<Path> jars = new ArrayList<>();
    jars.add(homeOf(type));
    Path others = Path.of("..", module, "target", "runtime-classpath.txt");
    for (String jar : Files.readString(others).trim().split(File.pathSeparator, -1)) {
      jars.add(Path.of(jar));
    }
    return jars;
  }

  /** The jar or folder that {@code type} was loaded from. */
  static Path homeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The bytes of a jar; of a folder, those of its files, which a jar would compress. */
  static long size(Path jar) {
    try (Stream<Path> files = Files.walk(jar)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of a jar's classes, as {@code dev/stave/database/Database.class}. */
  static List<String> classes(Path jar) throws IOException {
    if (Files.isDirectory(jar)) {
      return classesBelow(jar);
    }
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      return classesBelow(files.getPath("/"));
    }
  }

  private static List<String> classesBelow(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .collect(Collectors.toList());
    }
  }
}
