package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A disk that does everything on real files and records each call that changes something, in order.
 * What a power cut could leave of it is for {@link PowerCut} to say.
 *
 * <p>It also dies as a process does: after {@link #killAfter} so many calls, whatever calls it is
 * refused and changes nothing, until {@link #revive}.
 */
final class RecordingDisk implements Disk {

  /** What was called. A file is known by a number: names come and go. */
  sealed interface Call {
    record Write(int file, long offset, byte[] bytes) implements Call {
      @Override
      public String toString() {
        return "write " + file + " at " + offset + " " + bytes.length + " bytes";
      }
    }

    record SetLength(int file, long length) implements Call {}

    record Sync(int file) implements Call {}

    /** What a write does that is on the disk when it returns: no other bytes are there for that. */
    record SyncWrite(Write write) implements Call {}

    record Name(Path name, int file) implements Call {}

    record Rename(Path from, Path to, int file) implements Call {}

    /** A folder, with all names in it. */
    record RenameFolder(Path from, Path to) implements Call {}

    record Delete(Path name) implements Call {}

    record SyncFolder(Path folder) implements Call {}

    /** Not a call: what the test knew at that moment. */
    record Mark(Object known) implements Call {
      @Override
      public String toString() {
        return "mark";
      }
    }
  }

  private final Disk real = new UnsyncedDisk();
  private final List<Call> tape = new ArrayList<>();
  private final Map<Path, Integer> names = new HashMap<>();
  private final Map<Path, Integer> namesBefore = new HashMap<>();
  private final Map<Integer, byte[]> before = new HashMap<>();
  private int files;
  private long callsLeft = Long.MAX_VALUE;
  private boolean isDead;

  /** What is in {@code folder} already counts as on the disk. */
  RecordingDisk(Path folder) throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.collect(Collectors.toList())) {
        before.put(files, Files.readAllBytes(file));
        namesBefore.put(file, files++);
      }
    }
    names.putAll(namesBefore);
  }

  /** The names that were there before the first call. */
  Map<Path, Integer> namesBefore() {
    return namesBefore;
  }

  /** What was in the files then. */
  Map<Integer, byte[]> before() {
    return before;
  }

  synchronized List<Call> tape() {
    return List.copyOf(tape);
  }

  synchronized void mark(Object known) {
    tape.add(new Call.Mark(known));
  }

  /** Lets so many calls through, and no more. */
  synchronized void killAfter(long calls) {
    callsLeft = calls;
  }

  synchronized boolean isDead() {
    return isDead;
  }

  synchronized void revive() {
    callsLeft = Long.MAX_VALUE;
    isDead = false;
  }

  private void live() throws IOException {
    if (callsLeft <= 0) {
      isDead = true;
      throw new IOException("the process was killed");
    }
    callsLeft--;
  }

  private int fileOf(Path name) throws IOException {
    Integer file = names.get(name);
    if (file == null) {
      throw new IOException("nobody made " + name);
    }
    return file;
  }

  @Override
  public synchronized DiskFile create(Path file) throws IOException {
    live();
    DiskFile opened = real.create(file);
    Integer there = names.get(file);
    if (there == null) {
      there = files++;
      names.put(file, there);
      tape.add(new Call.Name(file, there));
    } else {
      tape.add(new Call.SetLength(there, 0));
    }
    return new RecordedFile(opened, there);
  }

  @Override
  public synchronized DiskFile open(Path file) throws IOException {
    live();
    return new RecordedFile(real.open(file), fileOf(file));
  }

  @Override
  public synchronized MappedFile map(Path file) throws IOException {
    live();
    return real.map(file);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    live();
    boolean isFolder = Files.isDirectory(from);
    real.rename(from, to);
    if (isFolder) {
      for (Path name : List.copyOf(names.keySet())) {
        if (name.startsWith(from)) {
          names.put(to.resolve(from.relativize(name)), names.remove(name));
        }
      }
      tape.add(new Call.RenameFolder(from, to));
      return;
    }
    int file = fileOf(from);
    names.remove(from);
    names.put(to, file);
    tape.add(new Call.Rename(from, to, file));
  }

  @Override
  public synchronized void link(Path file, Path name) throws IOException {
    live();
    real.link(file, name);
    names.put(name, fileOf(file));
    tape.add(new Call.Name(name, fileOf(file)));
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    live();
    real.delete(file);
    if (names.remove(file) != null) {
      tape.add(new Call.Delete(file));
    }
  }

  @Override
  public synchronized void syncFolder(Path folder) throws IOException {
    live();
    tape.add(new Call.SyncFolder(folder));
  }

  private final class RecordedFile implements DiskFile {
    private final DiskFile opened;
    private final int file;

    RecordedFile(DiskFile opened, int file) {
      this.opened = opened;
      this.file = file;
    }

    @Override
    public void write(long offset, byte[] bytes, int from, int length) throws IOException {
      record(offset, bytes, from, length);
    }

    @Override
    public void writeThrough(long offset, byte[] bytes, int from, int length) throws IOException {
      Call.Write write = record(offset, bytes, from, length);
      synchronized (RecordingDisk.this) { // the process may die, and others call, in between
        live();
        tape.add(new Call.SyncWrite(write));
      }
    }

    private Call.Write record(long offset, byte[] bytes, int from, int length) throws IOException {
      Call.Write write =
          new Call.Write(file, offset, Arrays.copyOfRange(bytes, from, from + length));
      synchronized (RecordingDisk.this) {
        live();
        opened.write(offset, bytes, from, length);
        tape.add(write);
      }
      return write;
    }

    @Override
    public void extend(long from, long to) throws IOException {
      int length = (int) (to - from);
      synchronized (RecordingDisk.this) {
        live();
        opened.extend(from, to);
        tape.add(new Call.Write(file, from, new byte[length]));
      }
      sync();
    }

    @Override
    public void setLength(long length) throws IOException {
      synchronized (RecordingDisk.this) {
        live();
        opened.setLength(length);
        tape.add(new Call.SetLength(file, length));
      }
    }

    @Override
    public void sync() throws IOException {
      synchronized (RecordingDisk.this) {
        live();
        tape.add(new Call.Sync(file));
      }
    }

    @Override
    public void close() throws IOException {
      opened.close();
    }
  }
}
