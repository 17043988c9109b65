package dev.stave.storage;

import dev.stave.concurrent.Uninterrupted;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The machine's own files.
 *
 * <p>Files are written by {@link RandomAccessFile} and not by a channel, since a channel closes
 * itself when its thread is interrupted, under everybody's feet. Its mode {@code rwd} is the one
 * way to the cheaper sync that leaves out the file's times: a third of a commit's time. It is taken
 * where it is known to be the kernel's O_DSYNC, a write that fails if it is not on the disk: on
 * Linux. Android's libraries write, sync after that, and keep to themselves that the sync failed;
 * so there, and wherever nobody looked, it is a write and then a sync that says so.
 */
final class LocalDisk implements Disk {

  private static final byte[] ZEROS = new byte[4_096];

  private final boolean writesThrough;

  LocalDisk() {
    this(writesThrough(System.getProperty("os.name"), System.getProperty("java.vm.name")));
  }

  /** For tests of the way that this machine does not take. */
  LocalDisk(boolean writesThrough) {
    this.writesThrough = writesThrough;
  }

  /** Android's kernel is Linux, but its libraries are its own. */
  static boolean writesThrough(@Nullable String system, @Nullable String machine) {
    return "Linux".equals(system) && !"Dalvik".equals(machine);
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    LocalFile created = new LocalFile(file, writesThrough);
    try {
      created.setLength(0);
      return created;
    } catch (IOException e) {
      created.close();
      throw e;
    }
  }

  @Override
  public DiskFile open(Path file) throws IOException {
    return new LocalFile(file, writesThrough);
  }

  @Override
  public MappedFile map(Path file) throws IOException {
    return Uninterrupted.call(() -> new MappedFile(file));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    Files.createLink(name, file);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    Uninterrupted.call(
        () -> {
          try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
          }
          return folder;
        });
  }

  private static final class LocalFile implements DiskFile {
    private final Path path;
    private final boolean writesThrough;
    private final RandomAccessFile file;
    private @Nullable RandomAccessFile through; // the same file, when it is asked for

    LocalFile(Path path, boolean writesThrough) throws IOException {
      this.path = path;
      this.writesThrough = writesThrough;
      this.file = new RandomAccessFile(path.toFile(), "rw");
    }

    @Override
    public void write(long offset, byte[] bytes, int from, int length) throws IOException {
      file.seek(offset);
      file.write(bytes, from, length);
    }

    @Override
    public void writeThrough(long offset, byte[] bytes, int from, int length) throws IOException {
      if (!writesThrough) {
        write(offset, bytes, from, length);
        sync();
        return;
      }
      if (through == null) {
        through = new RandomAccessFile(path.toFile(), "rwd");
      }
      through.seek(offset);
      through.write(bytes, from, length);
    }

    /*
     * Page by page: the kernel keeps in one piece what is written in one, and counts all of it as
     * written whenever a byte in it is.
     */
    @Override
    public void extend(long from, long to) throws IOException {
      file.seek(from);
      for (long left = to - from; left > 0; left -= ZEROS.length) {
        file.write(ZEROS, 0, (int) Math.min(ZEROS.length, left));
      }
      sync();
    }

    @Override
    public void setLength(long length) throws IOException {
      file.setLength(length);
    }

    @Override
    public void sync() throws IOException {
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      try {
        file.close();
      } finally {
        if (through != null) {
          through.close();
        }
      }
    }
  }
}
