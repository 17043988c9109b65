package dev.stave.storage;

import dev.stave.bytes.Crc32c;
import dev.stave.concurrent.Uninterrupted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which files are the storage, and what is known of them. Text, one fact a line, replaced as a
 * whole by renaming:
 *
 * <pre>
 * stave-storage 3                            the version of the format
 * next 38                                    the number of the next file
 * log 35 open                                logs, oldest first; while open, its end is not known
 * log 36 48213                               closed cleanly: the log ends at that byte
 * segment 34 5033164 120000 300 33,31        newest first: bytes, keys, deletions among them, and
 *                                            the files of bodies that its rows point into, or -
 * bodies 31 16777216 2048                    bytes, and how many of them no row points to any more
 * table 37 1048576                           oldest first: bytes
 * note …                                     what the storage was begun with, if it is a fork
 * crc 1f0e9a77                               CRC-32C of all lines above, in hex
 * </pre>
 */
record Manifest(
    long next,
    List<Log> logs,
    List<Rows> segments,
    Map<Long, Bodies> bodies,
    List<TableFile> tables,
    @Nullable String note) {

  private static final String KIND = "stave-storage ";
  private static final String NOTE = "note ";
  private static final String FORMAT = KIND + "3";

  /** A log that was not closed. */
  static final long OPEN = -1;

  /** A log, and where it ends, or {@link #OPEN}. */
  record Log(long number, long end) {}

  /** A segment's file of rows, and the numbers of its files of bodies. */
  record Rows(long number, long size, long entries, long deletions, List<Long> bodies) {
    Rows {
      bodies = List.copyOf(bodies);
    }
  }

  record Bodies(long number, long size, long garbage) {}

  record TableFile(long number, long size) {}

  Manifest(
      long next,
      List<Log> logs,
      List<Rows> segments,
      Map<Long, Bodies> bodies,
      List<TableFile> tables) {
    this(next, logs, segments, bodies, tables, null);
  }

  Manifest {
    logs = List.copyOf(logs);
    segments = List.copyOf(segments);
    bodies = Map.copyOf(bodies);
    tables = List.copyOf(tables);
  }

  Manifest withoutTables() {
    return new Manifest(next, logs, segments, bodies, List.of(), note);
  }

  /** The same with one more log, the newest, and a note of one line. */
  Manifest with(Log log, String line) {
    List<Log> more = new ArrayList<>(logs);
    more.add(log);
    return new Manifest(next, more, segments, bodies, tables, line);
  }

  void write(Disk disk, Path folder) throws IOException {
    byte[] text = toText().getBytes(StandardCharsets.US_ASCII);
    Path target = folder.resolve(Folder.MANIFEST);
    Path temporary = Folder.temporary(target);
    try (DiskFile out = disk.create(temporary)) {
      out.write(0, text, 0, text.length);
      out.sync();
    }
    disk.rename(temporary, target);
    disk.syncFolder(folder);
  }

  private String toText() {
    StringBuilder text = new StringBuilder(FORMAT).append("\nnext ").append(next).append('\n');
    for (Log log : logs) {
      text.append("log ").append(log.number()).append(' ');
      text.append(log.end() == OPEN ? "open" : Long.toString(log.end())).append('\n');
    }
    for (Rows rows : segments) {
      text.append("segment ").append(rows.number()).append(' ').append(rows.size());
      text.append(' ').append(rows.entries()).append(' ').append(rows.deletions()).append(' ');
      String separator = "";
      for (long file : rows.bodies()) {
        text.append(separator).append(file);
        separator = ",";
      }
      text.append(rows.bodies().isEmpty() ? "-\n" : "\n");
    }
    for (Bodies file : new TreeMap<>(bodies).values()) {
      text.append("bodies ").append(file.number()).append(' ').append(file.size());
      text.append(' ').append(file.garbage()).append('\n');
    }
    for (TableFile table : tables) {
      text.append("table ").append(table.number()).append(' ').append(table.size()).append('\n');
    }
    if (note != null) {
      text.append(NOTE).append(note).append('\n');
    }
    String crc = crc(text.toString());
    return text.append("crc ").append(crc).append('\n').toString();
  }

  /** Of a storage that has one empty log. */
  static Manifest beginning(Log log) {
    return new Manifest(log.number() + 1, List.of(log), List.of(), Map.of(), List.of());
  }

  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(Folder.MANIFEST));
  }

  static Manifest read(Path folder) throws IOException {
    Path file = folder.resolve(Folder.MANIFEST);
    String text =
        new String(Uninterrupted.call(() -> Files.readAllBytes(file)), StandardCharsets.ISO_8859_1);
    int crcAt = text.lastIndexOf("\ncrc ") + 1;
    if (text.isEmpty() || text.charAt(0) == 0) {
      throw new CorruptStaveException("the manifest is empty, or was overwritten", file, 0);
    }
    if (!text.startsWith(KIND) && crcAt == 0) {
      throw new StorageException("not a Stave database: this MANIFEST is another program's", file);
    }
    if (!text.substring(crcAt).equals("crc " + crc(text.substring(0, crcAt)) + "\n")) {
      throw new CorruptStaveException("checksum of the manifest does not match", file, 0);
    }
    if (!text.startsWith(FORMAT + "\n")) {
      String version = text.substring(0, text.indexOf('\n'));
      throw new StorageException(
          "written by another version of Stave (" + version + "), this one reads " + FORMAT, file);
    }
    try {
      Manifest manifest = parse(text.substring(0, crcAt));
      if (manifest.isSound()) {
        return manifest;
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      // a line of another shape than the format's
    }
    throw new CorruptStaveException("the manifest cannot be understood", file, 0);
  }

  /** Whether each file is named once, and the next one would not be written over one of them. */
  private boolean isSound() {
    Set<Long> named = new HashSet<>();
    boolean isSound = bodies.keySet().stream().allMatch(named::add);
    isSound &= logs.stream().allMatch(log -> named.add(log.number()) && log.end() >= OPEN);
    isSound &= segments.stream().allMatch(rows -> named.add(rows.number()));
    isSound &= tables.stream().allMatch(table -> named.add(table.number()));
    return isSound && named.stream().allMatch(number -> number > 0 && number < next);
  }

  private static Manifest parse(String lines) {
    long next = 0;
    List<Log> logs = new ArrayList<>();
    List<Rows> segments = new ArrayList<>();
    Map<Long, Bodies> bodies = new TreeMap<>();
    List<TableFile> tables = new ArrayList<>();
    String note = null;
    for (String line : lines.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "next" -> next = number(words, 1);
        case "log" ->
            logs.add(new Log(number(words, 1), words[2].equals("open") ? OPEN : number(words, 2)));
        case "segment" ->
            segments.add(
                new Rows(
                    number(words, 1),
                    number(words, 2),
                    number(words, 3),
                    number(words, 4),
                    numbers(words[5])));
        case "bodies" -> {
          Bodies file = new Bodies(number(words, 1), number(words, 2), number(words, 3));
          if (bodies.put(file.number(), file) != null) {
            throw new IllegalArgumentException("named twice");
          }
        }
        case "table" -> tables.add(new TableFile(number(words, 1), number(words, 2)));
        case "note" -> note = line.substring(NOTE.length());
        case "stave-storage", "" -> {} // the first line and the end of the last
        default -> throw new IllegalArgumentException("a line of unknown kind");
      }
    }
    return new Manifest(next, logs, segments, bodies, tables, note);
  }

  private static long number(String[] words, int at) {
    return Long.parseLong(words[at]);
  }

  private static List<Long> numbers(String list) {
    List<Long> numbers = new ArrayList<>();
    if (!list.equals("-")) {
      for (String number : list.split(",", -1)) {
        numbers.add(Long.parseLong(number));
      }
    }
    return numbers;
  }

  private static String crc(String lines) {
    byte[] bytes = lines.getBytes(StandardCharsets.ISO_8859_1);
    return Integer.toHexString(Crc32c.of(bytes, 0, bytes.length));
  }
}
