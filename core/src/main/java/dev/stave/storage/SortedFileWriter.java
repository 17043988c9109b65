package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Crc32c;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a {@link SortedFile}, key after key upwards, in memory that does not grow with it. */
final class SortedFileWriter implements AutoCloseable {

  private static final int BLOCK_BYTES = 2 << 10;

  private final FileWriter out;
  private final Filter filter;

  /** What is not written yet of each level of the tree, leaves first. */
  private final List<Block.Builder> levels = new ArrayList<>();

  private final long age;
  private long entries;

  /** {@code expected} keys at most: the filter is made for so many. */
  SortedFileWriter(Disk disk, Path file, long number, long age, long expected, Pace pace)
      throws IOException {
    this.age = age;
    out = new FileWriter(disk, file, SortedFile.header(number), pace);
    filter = new Filter(expected);
    levels.add(new Block.Builder());
  }

  void add(byte[] key, byte[] value) throws IOException {
    add(key, key.length, value, 0, value.length);
  }

  /** As above, the first bytes of {@code key} and some of {@code value}. */
  void add(byte[] key, int keyLength, byte[] value, int from, int length) throws IOException {
    filter.add(key, keyLength);
    entries++;
    add(0, key, keyLength, value, from, length);
  }

  private void add(int level, byte[] key, int keyLength, byte[] value, int from, int length)
      throws IOException {
    Block.Builder builder = levels.get(level);
    builder.add(key, keyLength, value, from, length);
    if (builder.size() >= BLOCK_BYTES) {
      writeBlock(level);
    }
  }

  /** Writes what the level has, and names it in the level above. */
  private void writeBlock(int level) throws IOException {
    byte[] lastKey = levels.get(level).lastKey();
    byte[] place = writeLast(level);
    if (level + 1 == levels.size()) {
      levels.add(new Block.Builder());
    }
    add(level + 1, lastKey, lastKey.length, place, 0, place.length);
  }

  /** Writes what the level has, and returns where it is. */
  private byte[] writeLast(int level) throws IOException {
    byte[] block = levels.get(level).finish();
    ByteWriter place = new ByteWriter(12).varint(out.position()).varint(block.length);
    ByteWriter framed = new ByteWriter(SortedFile.FRAME + block.length);
    writeChecked(framed.u32(block.length).u8(level).raw(block));
    return place.toBytes();
  }

  private void writeChecked(ByteWriter bytes) throws IOException {
    bytes.u32(Crc32c.of(bytes.array(), 0, bytes.size()));
    out.write(bytes.array(), 0, bytes.size());
  }

  /** Returns the size of the file, which is on the disk then, but for its name. */
  long finish() throws IOException {
    int top = 0;
    while (top + 1 < levels.size()) {
      if (!levels.get(top).isEmpty()) {
        writeBlock(top);
      }
      top++;
    }
    ByteReader root = new ByteReader(writeLast(top));
    ByteWriter footer = new ByteWriter(SortedFile.FOOTER + 4);
    footer.u64(root.varint()).u32((int) root.varint()).u32(top);
    footer.u64(out.position()).u32(filter.blocks()).u64(entries).u64(age);
    for (int block = 0; block < filter.blocks(); block++) {
      ByteWriter part = new ByteWriter(Filter.BLOCK + 4);
      writeChecked(part.raw(filter.bits(), block * Filter.BLOCK, Filter.BLOCK));
    }
    writeChecked(footer);
    return out.finish();
  }

  @Override
  public void close() {
    out.close();
  }
}
