package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Crc32c;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/**
 * The file that makes batches durable, one record each, in order.
 *
 * <pre>
 * log    = header record*                header: FileHeader "STAVELOG" with the log's random id
 * record = u32(crc of all that follows in the record) u32(length of the payload) u64(id)
 *          u64(durable) payload          padded by zeros to a multiple of 8 bytes
 * seal   = record without a payload: this log ends here, a next one goes on
 * </pre>
 *
 * A record carries the id of its log, so that bytes of an older one, in whose file this log may be,
 * never pass for a record of this one. {@code durable} is how much of the log was known to be on
 * the disk when the record was written.
 *
 * <p>A record that does not check out ends the log: it is the remains of commits that were never on
 * the disk for certain. But if a whole record follows that says that the place was durable before,
 * then an acknowledged commit is damaged, and the log is refused.
 *
 * <p>The file is longer than the log: room is made ahead, since a write that makes a file longer
 * waits for the file system's journal too (250 µs against 160). One thread at a time.
 */
final class CommitLog implements AutoCloseable {

  private static final long MAGIC = 0x53544156454c4f47L; // STAVELOG
  private static final int VERSION = 2;
  private static final int RECORD_HEADER = 24;
  private static final int ALIGNMENT = 8;

  /** Room is made in steps of as much as there is, within these bounds. */
  private static final int MIN_ROOM = 64 << 10;

  private static final int MAX_ROOM = 1 << 20;

  /** Records of this size together are written at once; larger ones in pieces, and without room. */
  static final int LARGE = 256 << 10;

  private static final SecureRandom IDS = new SecureRandom();

  private final Path file;
  private final boolean syncsEach;
  private final DiskFile out;
  private final long id;
  private long end;
  private long durable;
  private long room;
  private boolean makesRoom = true;
  private boolean broken;
  private boolean finished;

  private CommitLog(Disk disk, Path file, boolean syncsEach, long id, long end, long room)
      throws IOException {
    this.file = file;
    this.syncsEach = syncsEach;
    this.id = id;
    this.end = end;
    this.durable = end;
    this.room = room;
    this.out = disk.open(file);
  }

  /** A new, empty log, on the disk when this returns, but for its name. */
  static CommitLog create(Disk disk, Path file, boolean syncsEach) throws IOException {
    Path temporary = Folder.temporary(file);
    disk.create(temporary).close();
    return begin(disk, temporary, file, syncsEach);
  }

  /** A new, empty log, which is on the disk when it is finished, and not before. */
  static CommitLog createWhole(Disk disk, Path file) throws IOException {
    disk.create(file).close();
    long id = IDS.nextLong();
    CommitLog log = new CommitLog(disk, file, false, id, FileHeader.BYTES, FileHeader.BYTES);
    log.makesRoom = false;
    log.durable = 0;
    byte[] header = new FileHeader(MAGIC, VERSION, id).toBytes();
    log.out.write(0, header, 0, header.length);
    return log;
  }

  /** As {@link #create}, in the file of {@code old}, whose room is there already. */
  static CommitLog recycle(Disk disk, CommitLog old, Path file, boolean syncsEach)
      throws IOException {
    old.out.close();
    Path temporary = Folder.temporary(file);
    disk.rename(old.file, temporary);
    return begin(disk, temporary, file, syncsEach);
  }

  private static CommitLog begin(Disk disk, Path temporary, Path file, boolean syncsEach)
      throws IOException {
    long id = IDS.nextLong();
    byte[] header = new FileHeader(MAGIC, VERSION, id).toBytes();
    try {
      try (DiskFile out = disk.open(temporary)) {
        out.write(0, header, 0, header.length);
        out.sync();
      }
      long room = Files.size(temporary);
      disk.rename(temporary, file);
      return new CommitLog(disk, file, syncsEach, id, FileHeader.BYTES, room);
    } catch (IOException e) {
      Folder.deleteQuietly(disk, temporary);
      throw e;
    }
  }

  /**
   * What is in a log.
   *
   * @param end where the next record would go
   * @param isEmpty whether it has no batch
   * @param isSealed whether it ends here for good, and a next one goes on
   */
  record Contents(long id, long end, long size, boolean isEmpty, boolean isSealed) {}

  /**
   * Hands every whole batch to {@code replay}, in order. Writes nothing.
   *
   * @param closedAt where the log ends, if it was closed cleanly, or {@link Manifest#OPEN}
   * @throws CorruptStaveException if a batch is damaged that was on the disk for certain
   */
  static Contents read(Disk disk, Path file, long closedAt, Consumer<StorageBatch> replay)
      throws IOException {
    try (MappedFile bytes = disk.map(file)) {
      long id = FileHeader.read(bytes, MAGIC, VERSION).id();
      long at = FileHeader.BYTES;
      boolean isSealed = false;
      byte[] record = wholeRecordAt(bytes, at, id);
      while (record != null && !isSealed) {
        isSealed = record.length == RECORD_HEADER;
        if (!isSealed) {
          replay.accept(StorageBatch.readFrom(new ByteReader(record, RECORD_HEADER)));
        }
        at += record.length;
        record = wholeRecordAt(bytes, at, id);
      }
      if (closedAt != Manifest.OPEN && (at != closedAt || bytes.size() != closedAt)) {
        throw damaged(file, at);
      }
      if (!isSealed) {
        refuseDamage(bytes, id, at);
      }
      boolean isEmpty = at == FileHeader.BYTES;
      return new Contents(id, at, bytes.size(), isEmpty, isSealed);
    }
  }

  /**
   * Hands on every batch that is whole, also behind damaged ones.
   *
   * @param gaps takes where each gap begins that acknowledged commits may have been in
   */
  static void salvage(Disk disk, Path file, Consumer<StorageBatch> replay, LongConsumer gaps)
      throws IOException {
    try (MappedFile bytes = disk.map(file)) {
      long id = idOfDamaged(bytes);
      long gap = -1;
      for (long at = FileHeader.BYTES; at < bytes.size(); ) {
        byte[] record = wholeRecordAt(bytes, at, id);
        if (record == null) {
          gap = gap < 0 ? at : gap;
          at += ALIGNMENT;
        } else {
          if (gap >= 0) {
            gaps.accept(gap);
            gap = -1;
          }
          if (record.length > RECORD_HEADER) {
            replay.accept(StorageBatch.readFrom(new ByteReader(record, RECORD_HEADER)));
          }
          at += record.length;
        }
      }
    }
  }

  /** What the header says, or else what the first record does. */
  private static long idOfDamaged(MappedFile bytes) {
    try {
      return FileHeader.read(bytes, MAGIC, VERSION).id();
    } catch (CorruptStaveException e) {
      return new ByteReader(bytes.read(FileHeader.BYTES + 8L, 8)).u64();
    }
  }

  /** Puts on the disk what a process that was killed may have left in memory only. */
  static void sync(Disk disk, Path file) throws IOException {
    try (DiskFile out = disk.open(file)) {
      out.sync();
    }
  }

  /** Cuts off what is behind the end of a log that is sealed, and puts the rest on the disk. */
  static void cutToEnd(Disk disk, Path file, long end) throws IOException {
    try (DiskFile out = disk.open(file)) {
      if (Files.size(file) > end) {
        out.setLength(end);
      }
      out.sync();
    }
  }

  /** Goes on where {@code contents} end, and cuts off what is behind. */
  static CommitLog resume(Disk disk, Path file, boolean syncsEach, Contents contents)
      throws IOException {
    CommitLog log =
        new CommitLog(disk, file, syncsEach, contents.id(), contents.end(), contents.size());
    try {
      if (contents.end() < contents.size()) {
        log.cut(); // or what stands behind a torn record could follow a new one some day
      }
      return log;
    } catch (IOException e) {
      log.out.close();
      throw e;
    }
  }

  private static byte @Nullable [] wholeRecordAt(MappedFile bytes, long at, long id) {
    if (!bytes.has(at, RECORD_HEADER)) {
      return null;
    }
    ByteReader header = new ByteReader(bytes.read(at, RECORD_HEADER));
    int crc = header.u32();
    int length = header.u32();
    if (header.u64() != id || length < 0 || !bytes.has(at, padded(length))) {
      return null;
    }
    byte[] record = bytes.read(at, (int) padded(length));
    return crc == Crc32c.of(record, 4, record.length - 4) ? record : null;
  }

  private static long padded(long payload) {
    return (RECORD_HEADER + payload + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Looks for a record that says that the bytes at {@code tail} were on the disk. */
  private static void refuseDamage(MappedFile bytes, long id, long tail) {
    byte[] window = new byte[MIN_ROOM];
    // where a window ends a record may begin whose id is in the next: so they overlap by that much
    for (long from = tail; from < bytes.size(); from += window.length - ALIGNMENT) {
      int length = (int) Math.min(window.length, bytes.size() - from);
      bytes.read(from, window, length);
      for (int i = 0; i + 16 <= length; i += ALIGNMENT) {
        if (hasId(window, i, id)) {
          byte[] record = wholeRecordAt(bytes, from + i, id);
          if (record != null && new ByteReader(record, 16).u64() > tail) {
            throw damaged(bytes.file(), tail);
          }
        }
      }
    }
  }

  /** Whether what stands at {@code at} has the id where a record has it. */
  private static boolean hasId(byte[] bytes, int at, long id) {
    return bytes[at + 8] == (byte) (id >>> 56) && new ByteReader(bytes, at + 8).u64() == id;
  }

  static CorruptStaveException damaged(Path file, long at) {
    return new CorruptStaveException(
        "an acknowledged commit is damaged: restore a backup, or save the rest by stave salvage",
        file,
        at);
  }

  /**
   * Appends batches, each as a record of its own. If the log syncs each, they are on the disk when
   * this returns.
   *
   * @throws StorageException if they cannot be written; then nothing of them is there, or the log
   *     refuses all that follows
   */
  void append(List<StorageBatch> batches) {
    long length = 0;
    for (StorageBatch batch : batches) {
      length += padded(batch.writtenBytes());
    }
    if (length < LARGE) {
      ByteWriter records = new ByteWriter((int) length);
      batches.forEach(batch -> addRecord(records, batch));
      write(length, at -> writeTogether(at, records));
    } else {
      write(length, at -> writeInPieces(at, batches));
    }
  }

  /** Says that the log ends here and a next one goes on, and syncs it. */
  void seal() {
    ByteWriter record = new ByteWriter(RECORD_HEADER);
    addRecord(record, null);
    write(RECORD_HEADER, at -> writeTogether(at, record));
    sync();
  }

  /** As {@link #seal} and then {@link #finish}, with one wait for the disk. */
  void sealAndFinish() {
    ByteWriter record = new ByteWriter(RECORD_HEADER);
    addRecord(record, null);
    write(
        RECORD_HEADER,
        at -> {
          out.write(at, record.array(), 0, RECORD_HEADER);
          out.setLength(at + RECORD_HEADER);
          out.sync();
        });
    durable = end;
    room = end;
    finish();
  }

  /** Something that is written at a place of the file. */
  private interface Write {
    void at(long offset) throws IOException;
  }

  private void write(long length, Write write) {
    if (broken) {
      throw new StorageException("an earlier write failed: close the database and reopen it", file);
    }
    try {
      write.at(end);
    } catch (RuntimeException | Error e) {
      cutBack(); // no memory, perhaps: some batches of a group may be there, and all are refused
      throw e;
    } catch (IOException e) {
      cutBack();
      throw new StorageException(
          broken
              ? "cannot write the commit log, nor take back what is there of it: close the database"
                  + " and reopen it, which shows whether it is committed"
              : "cannot write the commit log",
          file,
          e);
    }
    if (!Files.exists(file)) {
      broken = true;
      throw new StorageException("the commit log was deleted while in use", file);
    }
    end += length;
    room = Math.max(room, end);
    durable = syncsEach ? end : durable;
  }

  private void addRecord(ByteWriter out, @Nullable StorageBatch batch) {
    int from = out.skip(RECORD_HEADER);
    if (batch != null) {
      batch.writeTo(out::raw);
    }
    int length = out.size() - from - RECORD_HEADER;
    out.skip((int) padded(length) - RECORD_HEADER - length);
    System.arraycopy(headerWithoutCrc(length), 0, out.array(), from, RECORD_HEADER);
    int crc = Crc32c.of(out.array(), from + 4, out.size() - from - 4);
    System.arraycopy(new ByteWriter(4).u32(crc).array(), 0, out.array(), from, 4);
  }

  private byte[] headerWithoutCrc(long length) {
    return new ByteWriter(RECORD_HEADER).u32(0).u32((int) length).u64(id).u64(durable).array();
  }

  private void writeTogether(long at, ByteWriter records) throws IOException {
    makeRoom(records.size());
    if (syncsEach) {
      out.writeThrough(at, records.array(), 0, records.size());
    } else {
      out.write(at, records.array(), 0, records.size());
    }
  }

  private void writeInPieces(long offset, List<StorageBatch> batches) throws IOException {
    long at = offset;
    for (StorageBatch batch : batches) {
      at = writeInPieces(at, batch);
    }
    if (syncsEach) {
      out.sync();
    }
  }

  /** Twice through the batch, first for the checksum, which stands in front. */
  private long writeInPieces(long offset, StorageBatch batch) throws IOException {
    long length = batch.writtenBytes();
    byte[] header = headerWithoutCrc(length);
    byte[] padding = new byte[(int) (padded(length) - RECORD_HEADER - length)];
    Checksum crc = Crc32c.create();
    crc.update(header, 4, RECORD_HEADER - 4);
    batch.writeTo(crc::update);
    crc.update(padding, 0, padding.length);
    System.arraycopy(new ByteWriter(4).u32((int) crc.getValue()).array(), 0, header, 0, 4);
    Position at = new Position(offset);
    at.take(header, 0, header.length);
    batch.writeTo(at);
    at.take(padding, 0, padding.length);
    return at.offset;
  }

  /** Where the next piece goes. */
  private final class Position implements StorageBatch.Sink<IOException> {
    private long offset;

    Position(long offset) {
      this.offset = offset;
    }

    @Override
    public void take(byte[] bytes, int from, int length) throws IOException {
      out.write(offset, bytes, from, length);
      offset += length;
    }
  }

  private void makeRoom(int length) throws IOException {
    if (makesRoom && end + length > room) {
      long more = Math.max(MIN_ROOM, Math.min(MAX_ROOM, room));
      out.extend(room, room + more);
      room += more;
    }
  }

  /** Takes back half a record, so that the next one does not stand behind damage. */
  private void cutBack() {
    try {
      cut();
    } catch (IOException e) {
      broken = true;
    }
  }

  private void cut() throws IOException {
    out.setLength(end);
    out.sync();
    room = end;
  }

  /** Returns when all that was appended is on the disk. */
  void sync() {
    if (durable == end) {
      return;
    }
    try {
      out.sync();
      durable = end;
    } catch (IOException e) {
      broken = true; // after a failed sync nobody knows what is there; only reading it anew tells
      throw new StorageException("cannot sync the commit log", file, e);
    }
  }

  /** What is in it, if nothing more comes. */
  Contents contents() {
    return new Contents(id, end, end, end == FileHeader.BYTES, false);
  }

  /** Where the next record goes. */
  long end() {
    return end;
  }

  /**
   * Syncs it, cuts off the room ahead and closes it: nobody writes into its file any more, not even
   * for another log. A second call does nothing.
   */
  void finish() {
    if (finished) {
      return;
    }
    try {
      sync();
      if (!broken && room > end) {
        cut();
      }
      finished = !broken;
    } catch (IOException e) {
      throw new StorageException("cannot close the commit log", file, e);
    } finally {
      close();
    }
  }

  boolean isFinished() {
    return finished;
  }

  boolean isBroken() {
    return broken;
  }

  /** Closes it and deletes its file: nothing names it any more. */
  void discard(Disk disk) {
    try {
      out.close();
    } catch (IOException e) {
      // nothing in it is wanted
    }
    Folder.deleteQuietly(disk, file);
  }

  /** Closes it as it is. */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new StorageException("cannot close the commit log", file, e);
    }
  }
}
