package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Crc32c;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An immutable file of large values, in the order of their keys: of a document's bodies that is the
 * order in which they were written. Rows point into it, and merging rows leaves it as it is.
 *
 * <pre>
 * file = header body*                    header: FileHeader "STAVEBOD"
 * body = u32(length) u32(crc of the bytes) bytes
 * </pre>
 *
 * Segments share it; whoever lets go last closes it and, if no segment has it any more, deletes it.
 */
final class BodyFile {

  private static final long MAGIC = 0x5354415645424f44L; // STAVEBOD
  private static final int VERSION = 1;

  /** What a body takes beside its bytes. */
  static final int OVERHEAD = 8;

  private final Disk disk;
  private final long number;
  private final MappedFile file;
  private final AtomicInteger holders = new AtomicInteger();
  private volatile boolean obsolete;

  private BodyFile(Disk disk, long number, MappedFile file) {
    this.disk = disk;
    this.number = number;
    this.file = file;
  }

  /** Opens it; nobody holds it yet. */
  static BodyFile open(Disk disk, Path path, long number) throws IOException {
    MappedFile file = disk.map(path);
    try {
      FileHeader.check(file, MAGIC, VERSION, number);
      return new BodyFile(disk, number, file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** As {@link #open}, whatever its header says: each body has its own checksum. */
  static BodyFile openDamaged(Disk disk, Path path, long number) throws IOException {
    return new BodyFile(disk, number, disk.map(path));
  }

  long number() {
    return number;
  }

  Path path() {
    return file.file();
  }

  long size() {
    return file.size();
  }

  /** The body of {@code length} bytes at {@code offset}. */
  byte[] read(long offset, int length) {
    ByteReader head = new ByteReader(file.read(offset, OVERHEAD));
    int foundLength = head.u32();
    int crc = head.u32();
    byte[] body = file.read(offset + OVERHEAD, length);
    if (foundLength != length || crc != Crc32c.of(body, 0, length)) {
      throw new CorruptStaveException("checksum of a body does not match", path(), offset);
    }
    return body;
  }

  /** The same with what stands before it. */
  private byte[] readWhole(long offset, int length) {
    byte[] whole = file.read(offset, OVERHEAD + length);
    ByteReader head = new ByteReader(whole);
    if (head.u32() != length || head.u32() != Crc32c.of(whole, OVERHEAD, length)) {
      throw new CorruptStaveException("checksum of a body does not match", path(), offset);
    }
    return whole;
  }

  /**
   * Reads every byte.
   *
   * @return how many bodies there are
   * @throws CorruptStaveException at the first that is damaged
   */
  long check() {
    long count = 0;
    long at = FileHeader.BYTES;
    while (at < file.size()) {
      int length = new ByteReader(file.read(at, 4)).u32();
      if (length < 0) {
        throw new CorruptStaveException("checksum of a body does not match", path(), at);
      }
      at += OVERHEAD + (long) read(at, length).length;
      count++;
    }
    return count;
  }

  void retain() {
    holders.incrementAndGet();
  }

  void release() {
    if (holders.decrementAndGet() > 0) {
      return;
    }
    file.close();
    if (obsolete) {
      Folder.deleteQuietly(disk, path());
    }
  }

  /** No segment has it from now on: who lets go last deletes it. */
  void makeObsolete() {
    obsolete = true;
  }

  /** Writes one. */
  static final class Writer implements AutoCloseable {
    private final FileWriter out;
    private final long number;

    Writer(Disk disk, Path path, long number, Pace pace) throws IOException {
      this.out = new FileWriter(disk, path, new FileHeader(MAGIC, VERSION, number), pace);
      this.number = number;
    }

    long number() {
      return number;
    }

    /** Returns where the body begins. */
    long add(byte[] body) throws IOException {
      long offset = out.position();
      ByteWriter head = new ByteWriter(OVERHEAD).u32(body.length);
      head.u32(Crc32c.of(body, 0, body.length));
      out.write(head.array(), 0, OVERHEAD);
      out.write(body, 0, body.length);
      return offset;
    }

    /** Adds the body of {@code length} bytes at {@code offset} of another, as it stands there. */
    long copy(BodyFile from, long offset, int length) throws IOException {
      long to = out.position();
      out.write(from.readWhole(offset, length), 0, OVERHEAD + length);
      return to;
    }

    long finish() throws IOException {
      return out.finish();
    }

    @Override
    public void close() {
      out.close();
    }
  }
}
