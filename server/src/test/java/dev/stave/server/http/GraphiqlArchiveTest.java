package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** The archive with GraphiQL's page is made by hand, of the sources beside it. */
class GraphiqlArchiveTest {

  private static final Path SOURCES = Path.of("src", "main", "graphiql");

  @Test
  void archive_isOfTheSourcesThatAreHere() throws Exception {
    List<String> now = new ArrayList<>();
    for (String made : madeOf().lines().toList()) {
      String name = made.substring(made.indexOf(' ') + 1);
      now.add(sha256(SOURCES.resolve(name)) + " " + name);
    }

    assertThat(now)
        .as("build.js in " + SOURCES + " makes the archive anew")
        .isEqualTo(madeOf().lines().toList());
    assertThat(now).map(line -> line.substring(line.indexOf(' ') + 1)).containsAll(loaded());
  }

  /** All that goes into it, but for the list of what is installed: that is in the lock file. */
  private static List<String> loaded() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> Objects.requireNonNull(file.getFileName()).toString())
          .filter(name -> !name.equals("package.json"))
          .toList();
    }
  }

  private static String madeOf() throws IOException {
    try (InputStream file =
            GraphiqlArchiveTest.class.getResourceAsStream("/dev/stave/server/graphiql.zip");
        ZipInputStream archive = new ZipInputStream(Objects.requireNonNull(file))) {
      for (ZipEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
        if (entry.getName().equals("SOURCES.txt")) {
          return new String(archive.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    throw new IOException("the archive does not say of what it is made");
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
  }
}
