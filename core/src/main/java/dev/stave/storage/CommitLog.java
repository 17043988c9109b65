package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Crc32c;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The file that makes batches durable, one record each, in order.
 *
 * <pre>
 * log    = "STAVELOG" u32(version) u64(id) u32(crc of the 20 bytes before)   record*
 * record = u32(length) u64(id) u32(crc of length, id and payload) payload    length: of the payload
 * </pre>
 *
 * A record carries the random id of its log, so that bytes of an older file, which a crash may
 * leave at this one's end, never pass for a record of this one.
 *
 * <p>A record that does not check out is a torn tail, the remains of a commit that was never
 * acknowledged, and is cut off. But if a whole record follows it, it was acknowledged once: then
 * the file is damaged, and is refused.
 *
 * <p>Not a {@code FileChannel}, since that one closes itself when its thread is interrupted. One
 * thread at a time.
 */
final class CommitLog implements AutoCloseable {

  private static final long MAGIC = 0x53544156454c4f47L; // STAVELOG
  private static final int VERSION = 1;
  static final int FILE_HEADER = 24;
  private static final int RECORD_HEADER = 16;
  private static final SecureRandom IDS = new SecureRandom();

  private final Path file;
  private final RandomAccessFile out;
  private final long id;
  private long end;
  private boolean broken;

  private CommitLog(Path file, RandomAccessFile out, long id, long end) {
    this.file = file;
    this.out = out;
    this.id = id;
    this.end = end;
  }

  /** A new, empty log, on the disk when this returns, but for its name. */
  static CommitLog create(Path file) throws IOException {
    long id = IDS.nextLong();
    ByteWriter header = new ByteWriter(FILE_HEADER).u64(MAGIC).u32(VERSION).u64(id);
    header.u32(Crc32c.of(header.array(), 0, header.size()));
    RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
    try {
      out.setLength(0);
      out.write(header.toBytes());
      out.getFD().sync();
    } catch (IOException e) {
      out.close();
      Files.deleteIfExists(file);
      throw e;
    }
    return new CommitLog(file, out, id, FILE_HEADER);
  }

  /** Opens a log, hands every whole batch to {@code replay} in order, and cuts a torn tail. */
  static CommitLog open(Path file, Consumer<StorageBatch> replay) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long id = readHeader(file, bytes);
    int at = FILE_HEADER;
    int length;
    while ((length = wholeRecordAt(bytes, at, id)) >= 0) {
      int from = at + RECORD_HEADER;
      ByteReader payload = new ByteReader(Arrays.copyOfRange(bytes, from, from + length));
      replay.accept(StorageBatch.readFrom(payload));
      at = from + length;
    }
    refuseDamage(file, bytes, at, id);
    RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
    try {
      if (at < bytes.length) {
        out.setLength(at);
        out.getFD().sync();
      }
      out.seek(at);
    } catch (IOException e) {
      out.close();
      throw e;
    }
    return new CommitLog(file, out, id, at);
  }

  private static long readHeader(Path file, byte[] bytes) {
    ByteReader header = new ByteReader(bytes);
    if (bytes.length < FILE_HEADER || header.u64() != MAGIC) {
      throw new CorruptStaveException("not a commit log", file, 0);
    }
    int version = header.u32();
    if (version != VERSION) {
      throw new StorageException("commit log of unknown version " + version, file);
    }
    long id = header.u64();
    if (header.u32() != Crc32c.of(bytes, 0, FILE_HEADER - 4)) {
      throw new CorruptStaveException("checksum of the log's header does not match", file, 0);
    }
    return id;
  }

  /** The length of the payload of the record at {@code at}, or -1 if there is no whole one. */
  private static int wholeRecordAt(byte[] bytes, int at, long id) {
    if (bytes.length - at < RECORD_HEADER) {
      return -1;
    }
    int length = u32(bytes, at);
    long recordId = ((long) u32(bytes, at + 4) << 32) | (u32(bytes, at + 8) & 0xffff_ffffL);
    if (recordId != id || length < 0 || length > bytes.length - at - RECORD_HEADER) {
      return -1;
    }
    int crc = Crc32c.of(bytes, at, RECORD_HEADER - 4);
    crc = Crc32c.update(crc, bytes, at + RECORD_HEADER, length);
    return crc == u32(bytes, at + 12) ? length : -1;
  }

  private static int u32(byte[] bytes, int at) {
    return (bytes[at] << 24)
        | ((bytes[at + 1] & 0xff) << 16)
        | ((bytes[at + 2] & 0xff) << 8)
        | (bytes[at + 3] & 0xff);
  }

  private static void refuseDamage(Path file, byte[] bytes, int tail, long id) {
    for (int at = tail + 1; at < bytes.length; at++) {
      if (wholeRecordAt(bytes, at, id) >= 0) {
        throw new CorruptStaveException(
            "damaged record with whole ones after it (restore from a backup)", file, tail);
      }
    }
  }

  /** Appends the batch and waits until the disk has it. */
  void append(StorageBatch batch) {
    if (broken) {
      throw new StorageException("an earlier write failed: close the database and reopen it", file);
    }
    ByteWriter record = new ByteWriter(1 << 12); // anew: a kept one stays as large as the largest
    record.skip(RECORD_HEADER);
    batch.writeTo(record);
    byte[] bytes = record.array();
    int length = record.size() - RECORD_HEADER;
    ByteWriter header = new ByteWriter(RECORD_HEADER).u32(length).u64(id);
    int crc = Crc32c.of(header.array(), 0, header.size());
    header.u32(Crc32c.update(crc, bytes, RECORD_HEADER, length));
    System.arraycopy(header.array(), 0, bytes, 0, RECORD_HEADER);
    write(bytes, record.size());
    sync();
    end += record.size();
  }

  private void write(byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException e) {
      cutBack();
      throw new StorageException("cannot write the commit log", file, e);
    }
  }

  /** Takes back half a record, so that the next one does not stand behind damage. */
  private void cutBack() {
    try {
      out.setLength(end);
      out.seek(end);
    } catch (IOException e) {
      broken = true;
    }
  }

  /** After a failed sync nobody knows what is on the disk; only reading it anew tells. */
  private void sync() {
    try {
      out.getFD().sync();
    } catch (IOException e) {
      broken = true;
      throw new StorageException("cannot sync the commit log", file, e);
    }
  }

  /** Bytes written so far. */
  long size() {
    return end;
  }

  /** Every record is on the disk already: a failure to close loses nothing. */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new StorageException("cannot close the commit log", file, e);
    }
  }

  /** Closes it and deletes the file. If that fails, the next opening of the folder does it. */
  void delete() {
    try {
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // not in the manifest: nobody reads it
    }
  }
}
