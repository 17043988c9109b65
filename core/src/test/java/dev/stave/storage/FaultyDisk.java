package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;

/** A disk on which a call fails: the n-th of a kind, once or from then on. */
final class FaultyDisk implements Disk {

  enum Kind {
    CREATE,
    OPEN,
    MAP,
    RENAME,
    LINK,
    DELETE,
    SYNC_FOLDER,
    WRITE,
    /** A write of which half is there. */
    HALF_WRITE,
    EXTEND,
    SET_LENGTH,
    SYNC,
    /** A renaming that says that it failed, and did not. */
    RENAME_DONE,
    /** Whatever is called. */
    ANY,
    /** A write for which there is no memory: no fault of the disk. */
    OUT_OF_MEMORY
  }

  private final Disk real = new UnsyncedDisk();
  private final Kind kind;
  private final int failing;
  private final boolean forEver;
  private boolean mended;
  private boolean killed;
  private boolean failed;
  private int calls;

  /** The {@code failing}-th call of that kind fails, counted from 1; of 0 none does. */
  FaultyDisk(Kind kind, int failing, boolean forEver) {
    this.kind = kind;
    this.failing = failing;
    this.forEver = forEver;
  }

  /** Nothing fails from now on. */
  synchronized void mend() {
    mended = true;
    killed = false;
  }

  /** Everything fails, until it is mended: the process that calls is no more. */
  synchronized void kill() {
    killed = true;
  }

  /** Whether what was half done can be undone. */
  synchronized boolean canTakeBack() {
    return mended || !forEver || kind != Kind.ANY && kind != Kind.DELETE;
  }

  synchronized boolean hasFailed() {
    return failed;
  }

  private synchronized boolean fails(Kind called) {
    if (killed) {
      return true;
    }
    if (called != kind && kind != Kind.ANY) {
      return false;
    }
    calls++;
    boolean now = !mended && failing > 0 && (calls == failing || forEver && calls > failing);
    failed |= now;
    return now;
  }

  private void check(Kind called, Object what) throws IOException {
    if (fails(called)) {
      throw fault(called, what);
    }
  }

  private static IOException fault(Kind called, Object what) {
    return new IOException("as if the disk failed at " + called + " of " + what);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    check(Kind.CREATE, file);
    return new FaultyFile(real.create(file), file);
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    check(Kind.OPEN, file);
    return new FaultyFile(real.open(file), file);
  }

  @Override
  public MappedFile map(Path file) throws IOException {
    check(Kind.MAP, file);
    return real.map(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    check(Kind.RENAME, from);
    real.rename(from, to);
    check(Kind.RENAME_DONE, from);
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    check(Kind.LINK, file);
    real.link(file, name);
  }

  @Override
  public void delete(Path file) throws IOException {
    check(Kind.DELETE, file);
    real.delete(file);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    check(Kind.SYNC_FOLDER, folder);
    real.syncFolder(folder);
  }

  private final class FaultyFile implements DiskFile {
    private final DiskFile opened;
    private final Path file;

    FaultyFile(DiskFile opened, Path file) {
      this.opened = opened;
      this.file = file;
    }

    @Override
    public void write(long offset, byte[] bytes, int from, int length) throws IOException {
      check(Kind.WRITE, file);
      if (kind == Kind.OUT_OF_MEMORY && fails(kind)) {
        throw new OutOfMemoryError("as if there were no memory");
      }
      if (fails(Kind.HALF_WRITE)) {
        opened.write(offset, bytes, from, length / 2);
        throw fault(Kind.HALF_WRITE, file);
      }
      opened.write(offset, bytes, from, length);
    }

    /** A write, which may fail as writes do, and then a sync, which may fail as syncs do. */
    @Override
    public void writeThrough(long offset, byte[] bytes, int from, int length) throws IOException {
      write(offset, bytes, from, length);
      sync();
    }

    @Override
    public void extend(long from, long to) throws IOException {
      check(Kind.EXTEND, file);
      opened.extend(from, to);
    }

    @Override
    public void setLength(long length) throws IOException {
      check(Kind.SET_LENGTH, file);
      opened.setLength(length);
    }

    @Override
    public void sync() throws IOException {
      check(Kind.SYNC, file);
      opened.sync();
    }

    @Override
    public void close() throws IOException {
      opened.close();
    }
  }
}
