package dev.stave;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The golden cases of {@code spec/vectors}: {@code {"about": …, "cases": [{"name": …, …}, …]}}.
 *
 * <p>They are written by hand or checked by hand, and no program writes them anew: what they pin is
 * in other people's databases.
 */
public final class Vectors {

  private static final Path FOLDER = Path.of("..", "spec", "vectors");

  private Vectors() {}

  /** The cases of a file, in order; at least one. */
  public static Stream<JsonNode> read(String file) {
    try {
      List<JsonNode> cases = new ArrayList<>();
      JsonObject.parse(Files.readAllBytes(FOLDER.resolve(file)))
          .sharedTree()
          .get("cases")
          .forEach(cases::add);
      if (cases.isEmpty()) {
        throw new IllegalStateException("no cases in " + file);
      }
      return cases.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
