package dev.stave.spec.android;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two classes core asks for by name, since a runtime may lack them: the processor's CRC-32C
 * (Android has it from 14 on) and the one that unmaps a file at once (Android's cannot). Where they
 * are missing, it does the same without.
 */
class MissingClassesTest {

  private static final Set<String> MISSING = Set.of("java.util.zip.CRC32C", "sun.misc.Unsafe");

  private static final JsonObject BODY = JsonObject.parse("{\"name\": \"Ada\"}");

  @TempDir Path folder;

  @Test
  void core_withoutThem_writesWhatIsReadWithThem() throws Exception {
    Set<String> asked = new TreeSet<>();
    try (URLClassLoader poorer = loaderWithout(MISSING, asked)) {
      Object writer =
          poorer.loadClass(Writer.class.getName()).getDeclaredConstructor().newInstance();
      @SuppressWarnings("unchecked") // a Writer, but of the other loader
      Consumer<Path> write = (Consumer<Path>) writer;
      write.accept(folder);
    }

    assertThat(asked).as("asked for, and not got").containsExactlyInAnyOrderElementsOf(MISSING);
    try (Database database = Database.open(folder)) {
      assertThat(database.get("ada").orElseThrow().body()).isEqualTo(BODY);
    }
  }

  /** Writes, and reads from a mapped file. */
  public static final class Writer implements Consumer<Path> {
    @Override
    public void accept(Path folder) {
      try (Database database = Database.open(folder)) {
        database.put("ada", BODY);
        database.compact();
        assertThat(database.get("ada").orElseThrow().body()).isEqualTo(BODY);
      }
    }
  }

  /** Loads our classes anew, for which there are no {@code missing} ones. */
  private static URLClassLoader loaderWithout(Set<String> missing, Set<String> asked)
      throws MalformedURLException {
    URL[] ours = {
      RuntimeJars.homeOf(Database.class).toUri().toURL(),
      RuntimeJars.homeOf(MissingClassesTest.class).toUri().toURL()
    };
    return new URLClassLoader(ours, MissingClassesTest.class.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (missing.contains(name)) {
          asked.add(name);
          throw new ClassNotFoundException(name);
        }
        if (!name.startsWith("dev.stave.")) {
          return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
          Class<?> loaded = findLoadedClass(name);
          return loaded == null ? findClass(name) : loaded;
        }
      }
    };
  }
}
