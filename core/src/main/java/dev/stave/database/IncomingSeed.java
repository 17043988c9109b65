package dev.stave.database;

import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.storage.CorruptStaveException;
import dev.stave.storage.FileStorage;
import dev.stave.storage.StorageException;
import dev.stave.storage.StorageOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A seed that is being fetched. What is here stays when the process ends: the next one goes on with
 * it. One thread at a time.
 */
public final class IncomingSeed {

  /** A part of a file that is to be fetched next. */
  public record Piece(String file, long offset, int length) {}

  private static final Pattern NAME =
      Pattern.compile("MANIFEST|[0-9]{10}\\.(log|rows|bodies|table)");
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,100}");
  private static final String MANIFEST = "MANIFEST";
  private static final String LIST = "LIST";
  private static final String FILES = "files";

  /** What {@link #FILES} is called once all of it is here and right: a storage like any other. */
  private static final String VERIFIED = "verified";

  private static final long MAX_MANIFEST_BYTES = 16 << 20;
  private static final int MAX_FILES = 100_000;
  private static final int MEMORY_BYTES = 8 << 20;

  private final Path folder;
  private final long sequence;
  private final List<SeedFile> files;
  private final Seeds.Exchange exchange;
  private int current; // all before are here

  private IncomingSeed(Path folder, long sequence, List<SeedFile> files, Seeds.Exchange exchange) {
    this.folder = folder;
    this.sequence = sequence;
    this.files = List.copyOf(files);
    this.exchange = exchange;
  }

  /** Whether a file of a database is called so. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static IncomingSeed begin(
      Path folder, String id, long sequence, List<SeedFile> files, Seeds.Exchange exchange) {
    check(id, files);
    String list = list(id, sequence, files);
    try {
      Path listed = folder.resolve(LIST);
      boolean isKnown =
          Files.exists(listed)
              && list.equals(new String(Files.readAllBytes(listed), StandardCharsets.UTF_8));
      if (!isKnown) {
        DatabaseFolders.delete(folder);
        Files.createDirectories(folder.resolve(FILES));
        requireRoom(folder, files);
        Path written = folder.resolve(LIST + ".tmp");
        Files.write(written, list.getBytes(StandardCharsets.UTF_8));
        Files.move(written, listed, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new StorageException("cannot keep what a source sends", folder, e);
    }
    return new IncomingSeed(folder, sequence, files, exchange);
  }

  private static void check(String id, List<SeedFile> files) {
    if (!ID.matcher(id).matches()) {
      throw new InvalidSeedException("a seed cannot be called so");
    }
    if (files.isEmpty() || files.size() > MAX_FILES) {
      throw new InvalidSeedException("a seed has not so many files", "files", files.size());
    }
    Set<String> names = new HashSet<>();
    for (SeedFile file : files) {
      if (!isName(file.name()) || !names.add(file.name())) {
        throw new InvalidSeedException("a seed has no such file", "file", file.name());
      }
      boolean isManifest = file.name().equals(MANIFEST);
      if (file.length() < 0 || isManifest && file.length() > MAX_MANIFEST_BYTES) {
        throw new InvalidSeedException(
            "a file of a seed cannot be so long", "file", file.name(), "length", file.length());
      }
    }
    if (!files.get(files.size() - 1).name().equals(MANIFEST)) {
      throw new InvalidSeedException("the manifest of a seed is its last file");
    }
  }

  private static void requireRoom(Path folder, List<SeedFile> files) {
    long room = folder.toFile().getUsableSpace();
    long left = room;
    for (SeedFile file : files) {
      if (file.length() > left) {
        throw new InvalidSeedException("there is no room for the seed", "free", room);
      }
      left -= file.length();
    }
  }

  private static String list(String id, long sequence, List<SeedFile> files) {
    StringBuilder text = new StringBuilder(id).append('\n').append(sequence).append('\n');
    files.forEach(file -> text.append(file.name()).append(' ').append(file.length()).append('\n'));
    return text.toString();
  }

  private Path path(String file) {
    return folder.resolve(FILES).resolve(file);
  }

  private boolean isVerified() {
    return Files.isDirectory(folder.resolve(VERIFIED));
  }

  /** What is to be fetched next, of at most {@code maxBytes}; empty if all is here. */
  public Optional<Piece> next(int maxBytes) {
    if (isVerified()) {
      return Optional.empty();
    }
    while (current < files.size()) {
      SeedFile file = files.get(current);
      long here = path(file.name()).toFile().length(); // 0 if there is none
      if (here < file.length()) {
        return Optional.of(
            new Piece(file.name(), here, (int) Math.min(maxBytes, file.length() - here)));
      }
      if (here > file.length()) {
        throw new InvalidSeedException("a file is longer than it was listed", "file", file.name());
      }
      current++;
    }
    return Optional.empty();
  }

  /**
   * Keeps what {@link #next} named.
   *
   * @param bytes the {@code piece.length()} first of them count
   * @throws StorageException if the disk refuses
   */
  public void write(Piece piece, byte[] bytes) {
    Path path = path(piece.file());
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(piece.offset());
      file.write(bytes, 0, piece.length());
      if (piece.offset() + piece.length() == files.get(current).length()) {
        file.getFD().sync();
      }
    } catch (IOException e) {
      throw new StorageException("cannot keep what a source sends", path, e);
    }
  }

  /**
   * Verifies every byte of what was fetched, and makes it the content of the database: at once, and
   * all of it or nothing. Watches, the feed and the index see it; the database keeps its own name,
   * settings and local documents, and gets one more.
   *
   * @param localId of the local document that says, from the same moment on, what was done
   * @return false if something was written to the database meanwhile: then nothing has changed
   * @throws InvalidSeedException if it is damaged, or is not what was promised; it is deleted, and
   *     nothing has changed
   * @throws StorageException if the disk refuses; then nothing has changed
   */
  public boolean install(String localId, JsonObject local) {
    Document.checkLocalId(localId);
    Path verified = folder.resolve(VERIFIED);
    try {
      if (!isVerified()) {
        SeedRows.verify(folder.resolve(FILES), sequence);
        Files.move(folder.resolve(FILES), verified, StandardCopyOption.ATOMIC_MOVE);
      }
      prepare(verified);
      boolean isTaken = exchange.take(verified, localId, local);
      if (isTaken) {
        DatabaseFolders.deleteQuietly(folder);
      }
      return isTaken;
    } catch (IOException e) {
      throw new StorageException("cannot install what a source has sent", folder, e);
    } catch (CorruptStaveException | InvalidSeedException e) {
      DatabaseFolders.deleteQuietly(folder);
      throw e instanceof InvalidSeedException
          ? e
          : new InvalidSeedException("the seed is damaged", "how", String.valueOf(e.getMessage()));
    }
  }

  /** Takes out what is not to come, if the source has not. */
  private static void prepare(Path verified) {
    StorageOptions options =
        new StorageOptions(
            StorageOptions.DEFAULT.durability(),
            MEMORY_BYTES,
            StorageOptions.DEFAULT.mergeBytesPerSecond());
    try (FileStorage storage = FileStorage.open(verified, options)) {
      SeedRows.deletePrivate(storage);
    }
  }
}
