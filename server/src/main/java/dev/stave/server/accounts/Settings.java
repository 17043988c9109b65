package dev.stave.server.accounts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is set for a whole server while it runs, in sections of texts by name, as CouchDB's
 * configuration is: {@code admins}, {@code jwt_keys} and the like. It is a JSON file, which only
 * its owner may read, and which is written whole with each change. Any thread may call any method.
 */
public final class Settings {

  /** The longest name of a section, a key, or value, in characters. */
  public static final int MAX_CHARACTERS = 16_384;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private SortedMap<String, SortedMap<String, String>> sections; // replaced, never changed

  private Settings(Path file, SortedMap<String, SortedMap<String, String>> sections) {
    this.file = file;
    this.sections = sections;
  }

  /**
   * Reads {@code file}; if it is not there, nothing is set.
   *
   * @throws InvalidSettingsException if it is not such a file
   */
  public static Settings open(Path file) {
    try {
      return new Settings(file, Files.exists(file) ? read(file) : new TreeMap<>());
    } catch (JsonProcessingException e) {
      throw new InvalidSettingsException("not JSON: " + e.getOriginalMessage() + ": " + file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the settings: " + file, e);
    }
  }

  private static SortedMap<String, SortedMap<String, String>> read(Path file) throws IOException {
    SortedMap<String, SortedMap<String, String>> sections = new TreeMap<>();
    for (Map.Entry<String, JsonNode> section : JSON.readTree(file.toFile()).properties()) {
      SortedMap<String, String> values = new TreeMap<>();
      for (Map.Entry<String, JsonNode> value : section.getValue().properties()) {
        if (!value.getValue().isTextual()) {
          throw new InvalidSettingsException(
              "a setting is text: " + section.getKey() + "/" + value.getKey() + ": " + file);
        }
        values.put(value.getKey(), value.getValue().textValue());
      }
      sections.put(section.getKey(), values);
    }
    return sections;
  }

  /** All that is set, by section and key. */
  public synchronized SortedMap<String, SortedMap<String, String>> all() {
    return Collections.unmodifiableSortedMap(sections);
  }

  /** What is set in {@code section}, by key. */
  public synchronized SortedMap<String, String> section(String section) {
    SortedMap<String, String> values = sections.get(section);
    return values == null ? new TreeMap<>() : Collections.unmodifiableSortedMap(values);
  }

  public Optional<String> get(String section, String key) {
    return Optional.ofNullable(section(section).get(key));
  }

  /**
   * Sets {@code value}, or removes it with null; returns what it was before. It is durable then.
   */
  public synchronized Optional<String> set(String section, String key, @Nullable String value) {
    requireShort(section);
    requireShort(key);
    requireShort(value == null ? "" : value);
    SortedMap<String, SortedMap<String, String>> changed = new TreeMap<>(sections);
    SortedMap<String, String> values = new TreeMap<>(section(section));
    Optional<String> before =
        Optional.ofNullable(value == null ? values.remove(key) : values.put(key, value));
    changed.put(section, values);
    if (values.isEmpty()) {
      changed.remove(section);
    }
    try {
      write(changed);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the settings: " + file, e);
    }
    sections = changed;
    return before;
  }

  private static void requireShort(String text) {
    if (text.length() > MAX_CHARACTERS) {
      throw new InvalidSettingsException(
          "names and values of settings have at most " + MAX_CHARACTERS + " characters");
    }
  }

  /** Aside, and then in its place: a crash leaves the old file or the new one. */
  private void write(Map<String, SortedMap<String, String>> all) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    all.forEach(
        (name, values) ->
            values.forEach((key, value) -> json.withObject("/" + escaped(name)).put(key, value)));
    Path aside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(aside);
    createPrivate(aside);
    try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
      ByteBuffer bytes =
          ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    } catch (FileSystemException e) {
      // a system whose folders cannot be opened makes names durable by itself
    }
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static void createPrivate(Path path) throws IOException {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (posix) {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(path);
    }
  }

  /** A file that holds no settings, or a setting that cannot be. */
  public static final class InvalidSettingsException extends StaveException {
    private static final long serialVersionUID = 1L;

    InvalidSettingsException(String message) {
      super(message);
    }
  }
}
