package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;

/** The machine's files without the waiting: for tests in which the machine itself never stops. */
class UnsyncedDisk implements Disk {

  private final Disk real = new LocalDisk();

  @Override
  public DiskFile create(Path file) throws IOException {
    return new UnsyncedFile(real.create(file));
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new UnsyncedFile(real.open(file));
  }

  @Override
  public MappedFile map(Path file) throws IOException {
    return real.map(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    real.link(file, name);
  }

  @Override
  public void delete(Path file) throws IOException {
    real.delete(file);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    // the machine does not stop
  }

  private record UnsyncedFile(DiskFile real) implements DiskFile {

    @Override
    public void write(long offset, byte[] bytes, int from, int length) throws IOException {
      real.write(offset, bytes, from, length);
    }

    @Override
    public void writeThrough(long offset, byte[] bytes, int from, int length) throws IOException {
      real.write(offset, bytes, from, length);
    }

    @Override
    public void extend(long from, long to) throws IOException {
      real.write(from, new byte[(int) (to - from)], 0, (int) (to - from));
    }

    @Override
    public void setLength(long length) throws IOException {
      real.setLength(length);
    }

    @Override
    public void sync() throws IOException {
      // the machine does not stop
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}
