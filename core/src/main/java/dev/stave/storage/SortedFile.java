package dev.stave.storage;

import dev.stave.bytes.ByteReader;
import dev.stave.bytes.Bytes;
import dev.stave.bytes.Crc32c;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable file of keys and values in order: a tree of blocks, and a filter that tells most
 * keys that are not there.
 *
 * <pre>
 * file   = header framed* (512 bytes of the filter, u32(crc))* footer u32(crc)
 * header = FileHeader "STAVEROW"
 * framed = u32(length of the block) u8(level, 0: leaf) block u32(crc of all before)
 * footer = u64(root's offset) u32(root's length) u32(levels above the leaves)
 *          u64(filter's offset) u32(blocks of the filter) u64(keys) u64(age)
 * </pre>
 *
 * The age is the number that the newest of the rows were first written under: in a file that was
 * merged it is smaller than its own. Blocks are written as they fill up, leaves and branches mixed.
 * An entry of a branch is the last key of a block below, and {@code varint(offset) varint(length)}
 * of that block. Every block is checked each time that it is read; opening reads the header and the
 * footer only, so that it costs the same whatever the file weighs. Of all that only branches are
 * kept on the heap, in a cache: the machine's page cache is the cache of the rest.
 *
 * <p>Any thread may read it until it is closed.
 */
final class SortedFile implements AutoCloseable {

  private static final long MAGIC = 0x5354415645524f57L; // STAVEROW
  private static final int VERSION = 2;
  static final int FOOTER = 44;

  /**
   * Salvage takes nothing longer for a block of rows: the last row begins within 2 KiB. Where
   * blocks are damaged it tries every byte as the beginning of the next, and would else read
   * gigabytes for each that looks like a length.
   */
  private static final int MAX_SALVAGED = 16 << 10;

  /** What a block takes beside its bytes, and how much of it stands before them. */
  static final int FRAME = 9;

  private static final int BEFORE_BLOCK = 5;

  private final MappedFile file;
  private final BlockCache cache;
  private final long rootOffset;
  private final int rootLength;
  private final int height;
  private final long filterOffset;
  private final int filterBlocks;
  private final long entries;
  private final long age;

  static FileHeader header(long number) {
    return new FileHeader(MAGIC, VERSION, number);
  }

  static SortedFile open(Disk disk, Path path, long number, BlockCache cache) throws IOException {
    MappedFile file = disk.map(path);
    try {
      return new SortedFile(file, number, cache);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private SortedFile(MappedFile file, long number, BlockCache cache) {
    this.file = file;
    this.cache = cache;
    FileHeader.check(file, MAGIC, VERSION, number);
    ByteReader footer = new ByteReader(checked(file.size() - FOOTER - 4, FOOTER));
    rootOffset = footer.u64();
    rootLength = footer.u32();
    height = footer.u32();
    filterOffset = footer.u64();
    filterBlocks = footer.u32();
    entries = footer.u64();
    age = footer.u64();
  }

  Path path() {
    return file.file();
  }

  long size() {
    return file.size();
  }

  /** How many keys it has. */
  long entries() {
    return entries;
  }

  /** Of two files of rows the one with the larger age has the newer rows. */
  long age() {
    return age;
  }

  /** {@code length} bytes that have their checksum behind them. */
  private byte[] checked(long offset, int length) {
    byte[] bytes = file.read(offset, length + 4);
    if (new ByteReader(bytes, length).u32() != Crc32c.of(bytes, 0, length)) {
      throw new CorruptStaveException("checksum of a block does not match", path(), offset);
    }
    return bytes;
  }

  private Block block(long offset, int length) {
    byte[] framed = checked(offset, BEFORE_BLOCK + length);
    if (new ByteReader(framed).u32() != length) {
      throw new CorruptStaveException("a block has another length", path(), offset);
    }
    return new Block(framed, BEFORE_BLOCK, length);
  }

  private Block block(byte[] place, int level) {
    ByteReader in = new ByteReader(place);
    return block(in.varint(), (int) in.varint(), level);
  }

  private Block block(long offset, int length, int level) {
    if (level == 0) {
      return block(offset, length);
    }
    Block cached = cache.get(this, offset);
    if (cached != null) {
      return cached;
    }
    Block read = block(offset, length);
    cache.put(this, offset, read);
    return read;
  }

  private Block root() {
    return block(rootOffset, rootLength, height);
  }

  /** The value of {@code key}, or null if it is not here. */
  byte @Nullable [] get(byte[] key) {
    return get(key, Filter.hash(key));
  }

  /** As {@link #get(byte[])}, of a key of which the {@link Filter#hash} is known. */
  byte @Nullable [] get(byte[] key, long hash) {
    if (!mayContain(hash)) {
      return null;
    }
    Block block = root();
    for (int level = height; level > 0; level--) {
      byte[] place = block.ceiling(key);
      if (place == null) {
        return null;
      }
      block = block(place, level - 1);
    }
    return block.get(key);
  }

  /** About how many bytes are before {@code key}: where the leaf begins that may have it. */
  long position(byte[] key) {
    Block block = root();
    long position = rootOffset;
    for (int level = height; level > 0; level--) {
      byte[] place = block.ceiling(key);
      if (place == null) {
        return rootOffset; // above all keys
      }
      position = new ByteReader(place).varint();
      block = level > 1 ? block(place, level - 1) : block;
    }
    return position;
  }

  private boolean mayContain(long hash) {
    long at = filterOffset + (long) Filter.blockOf(hash, filterBlocks) * (Filter.BLOCK + 4);
    return Filter.mayContain(checked(at, Filter.BLOCK), hash);
  }

  /** Hands over the values of the keys from {@code from} (included) to {@code to} (excluded). */
  void forEachValue(byte[] from, byte[] to, Table.ValueVisitor visitor) {
    forEachValue(root(), height, from, to, visitor);
  }

  /** False if it came to {@code to}. */
  private boolean forEachValue(
      Block block, int level, byte[] from, byte[] to, Table.ValueVisitor visitor) {
    Block.Cursor cursor = block.from(from);
    while (cursor != null) {
      if (level > 0) {
        if (!forEachValue(block(cursor.value(), level - 1), level - 1, from, to, visitor)) {
          return false;
        }
      } else if (cursor.compareTo(to) < 0) {
        visitor.visit(cursor.valueBytes(), cursor.valueAt(), cursor.valueLength());
      } else {
        return false;
      }
      cursor = cursor.next() ? cursor : null;
    }
    return true;
  }

  /** The entries from {@code from} (included) to {@code to} (excluded), or backward. */
  Iterator<Entry> scan(byte[] from, byte[] to, boolean backward) {
    return new Scan(from, to, backward);
  }

  /** One walk through the tree: a place at each level, the root's first. */
  private final class Scan implements Iterator<Entry> {
    private final byte[] from;
    private final byte[] to;
    private final boolean backward;
    private final List<Place> path = new ArrayList<>();
    private @Nullable Entry next;

    Scan(byte[] from, byte[] to, boolean backward) {
      this.from = from;
      this.to = to;
      this.backward = backward;
      goDown(root());
      next = advance();
    }

    private void goDown(Block block) {
      boolean isLeaf = path.size() == height;
      path.add(backward ? Place.below(block, to, isLeaf) : Place.from(block, from));
    }

    private @Nullable Entry advance() {
      while (!path.isEmpty()) {
        Entry entry = path.get(path.size() - 1).next();
        if (entry == null) {
          path.remove(path.size() - 1);
        } else if (path.size() <= height) {
          goDown(block(placeIn(entry), height - path.size()));
        } else {
          return isInside(entry.key()) ? entry : null;
        }
      }
      return null;
    }

    private boolean isInside(byte[] key) {
      return backward ? Bytes.compare(key, from) >= 0 : Bytes.compare(key, to) < 0;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry next() {
      Entry entry = next;
      if (entry == null) {
        throw new NoSuchElementException();
      }
      next = advance();
      return entry;
    }
  }

  /** A walk through one block, group by group. */
  private static final class Place {
    private final Block block;
    private final int step;
    private int group;
    private List<Entry> entries;
    private int at;

    private Place(Block block, byte[] bound, int step) {
      this.block = block;
      this.step = step;
      this.group = block.groupOf(bound);
      this.entries = block.entries(group);
      while (at < entries.size() && Bytes.compare(entries.get(at).key(), bound) < 0) {
        at++;
      }
    }

    /** Upwards, from the first entry that is {@code from} or larger. */
    static Place from(Block block, byte[] from) {
      return new Place(block, from, 1);
    }

    /**
     * Downwards, from the last entry that is smaller than {@code to}; in a branch from the block
     * that may have it, which is the first whose last key is not smaller.
     */
    static Place below(Block block, byte[] to, boolean isLeaf) {
      Place place = new Place(block, to, -1);
      if (isLeaf) {
        place.at--;
      } else if (place.at == place.entries.size() && place.group + 1 < block.groups()) {
        place.enter(place.group + 1);
        place.at = 0;
      } else if (place.at == place.entries.size()) {
        place.at--;
      }
      return place;
    }

    private void enter(int next) {
      group = next;
      entries = block.entries(next);
    }

    @Nullable Entry next() {
      if (at < 0 || at >= entries.size()) {
        int next = group + step;
        if (next < 0 || next >= block.groups()) {
          return null;
        }
        enter(next);
        at = step > 0 ? 0 : entries.size() - 1;
      }
      Entry entry = entries.get(at);
      at += step;
      return entry;
    }
  }

  /** All entries in the order of the file, leaf after leaf. */
  Walk walk() {
    return new Walk();
  }

  /** A walk through all leaves, which makes nothing of an entry: for what reads all of them. */
  final class Walk {
    private long at = FileHeader.BYTES;
    private Block.@Nullable Cursor leaf;

    /** The next entry, until this is called again; null if there is no more. */
    Block.@Nullable Cursor next() {
      while (leaf == null || !leaf.next()) {
        if (at == filterOffset) {
          return null;
        }
        Framed framed = wholeAt(at);
        at += framed.length();
        leaf = framed.level() == 0 ? framed.block().cursor() : leaf;
      }
      return leaf;
    }
  }

  private static byte[] placeIn(Entry branch) {
    byte[] value = branch.value();
    if (value == null) {
      throw new IllegalStateException("a branch has a place for each key");
    }
    return value;
  }

  /**
   * Reads every byte: that blocks follow each other without a gap, that the keys of the leaves
   * ascend, that the filter knows them and that they are found through the tree.
   *
   * @param rows takes every entry, in order
   * @throws CorruptStaveException at the first thing that is wrong
   */
  void check(Consumer<Entry> rows) {
    long at = FileHeader.BYTES;
    byte @Nullable [] before = null;
    long count = 0;
    while (at < filterOffset) {
      Framed framed = wholeAt(at);
      for (Entry entry : framed.leafEntries()) {
        if (before != null && Bytes.compare(before, entry.key()) >= 0) {
          throw new CorruptStaveException("keys are not in order", path(), at);
        }
        if (get(entry.key()) == null) {
          throw new CorruptStaveException("a key is not found through the tree", path(), at);
        }
        before = entry.key();
        count++;
        rows.accept(entry);
      }
      at += framed.length();
    }
    for (int block = 0; block < filterBlocks; block++) {
      checked(filterOffset + (long) block * (Filter.BLOCK + 4), Filter.BLOCK);
    }
    long end = filterOffset + (long) filterBlocks * (Filter.BLOCK + 4) + FOOTER + 4;
    if (at != filterOffset || end != file.size() || count != entries) {
      throw new CorruptStaveException("the file has other parts than it says", path(), at);
    }
  }

  /** A block as it stands in the file, with its frame. */
  private record Framed(Block block, int level, int length) {

    List<Entry> leafEntries() {
      List<Entry> entries = new ArrayList<>();
      for (int group = 0; level == 0 && group < block.groups(); group++) {
        entries.addAll(block.entries(group));
      }
      return entries;
    }
  }

  private Framed wholeAt(long at) {
    Framed framed = framedAt(file, at, Integer.MAX_VALUE);
    if (framed == null) {
      throw new CorruptStaveException("checksum of a block does not match", path(), at);
    }
    return framed;
  }

  private static @Nullable Framed framedAt(MappedFile file, long at, int longest) {
    if (!file.has(at, FRAME)) {
      return null;
    }
    ByteReader head = new ByteReader(file.read(at, BEFORE_BLOCK));
    int length = head.u32();
    int level = head.u8();
    if (length < 4 || length > longest || !file.has(at, (long) length + FRAME)) {
      return null;
    }
    byte[] bytes = file.read(at, length + FRAME);
    int end = BEFORE_BLOCK + length;
    return new ByteReader(bytes, end).u32() == Crc32c.of(bytes, 0, end)
        ? new Framed(new Block(bytes, BEFORE_BLOCK, length), level, length + FRAME)
        : null;
  }

  /**
   * Hands on the entries of every leaf of {@code file} that is whole, whatever else is damaged, and
   * says where blocks are missing.
   *
   * @param rows takes the entries, in order
   * @param gaps takes where each gap begins
   */
  static void salvage(MappedFile file, Consumer<Entry> rows, LongConsumer gaps) {
    long at = FileHeader.BYTES;
    long end = endOfBlocks(file);
    boolean inGap = false;
    while (at < end) {
      Framed framed = framedAt(file, at, MAX_SALVAGED);
      if (framed == null) {
        if (!inGap) {
          gaps.accept(at);
        }
        inGap = true;
        at++; // the length may be what is damaged, so any byte may begin the next block
      } else {
        inGap = false;
        framed.leafEntries().forEach(rows);
        at += framed.length();
      }
    }
  }

  /** Where the filter begins; if the footer does not say so, the end of the file. */
  private static long endOfBlocks(MappedFile file) {
    byte[] footer = wholeFooter(file);
    return footer == null ? file.size() : new ByteReader(footer, 16).u64();
  }

  /** The age of a file of which anything may be damaged, or else {@code otherwise}. */
  static long ageOf(MappedFile file, long otherwise) {
    byte[] footer = wholeFooter(file);
    return footer == null ? otherwise : new ByteReader(footer, FOOTER - 8).u64();
  }

  private static byte @Nullable [] wholeFooter(MappedFile file) {
    long at = file.size() - FOOTER - 4;
    if (!file.has(at, FOOTER + 4)) {
      return null;
    }
    byte[] footer = file.read(at, FOOTER + 4);
    return new ByteReader(footer, FOOTER).u32() == Crc32c.of(footer, 0, FOOTER) ? footer : null;
  }

  @Override
  public void close() {
    file.close();
  }
}
