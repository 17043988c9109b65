package dev.stave.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An immutable table of keys and values beside a storage's rows, see {@link Tables}. Any thread may
 * read it while it is retained.
 */
public final class Table {

  private final Disk disk;
  private final Manifest.TableFile facts;
  private final SortedFile file;
  private final AtomicInteger holders = new AtomicInteger(1); // the storage itself
  private volatile boolean obsolete;

  private Table(Disk disk, Manifest.TableFile facts, SortedFile file) {
    this.disk = disk;
    this.facts = facts;
    this.file = file;
  }

  static Table open(Disk disk, Path path, Manifest.TableFile facts, BlockCache cache)
      throws IOException {
    SortedFile file = SortedFile.open(disk, path, facts.number(), cache);
    if (file.size() != facts.size()) {
      file.close();
      throw new CorruptStaveException(
          "the file has not the size that the manifest says: " + facts.size(),
          file.path(),
          file.size());
    }
    return new Table(disk, facts, file);
  }

  Manifest.TableFile facts() {
    return facts;
  }

  /** What its file takes. */
  public long bytes() {
    return facts.size();
  }

  /** How many keys it has. */
  public long keys() {
    return file.entries();
  }

  /**
   * The value of {@code key}, or null.
   *
   * @throws CorruptStaveException if the place where it is read is damaged
   */
  public byte @Nullable [] get(byte[] key) {
    return file.get(key);
  }

  /**
   * The rows from {@code from} (included) to {@code to} (excluded), or from the last to the first.
   */
  public Iterator<StorageSnapshot.Row> scan(byte[] from, byte[] to, boolean backward) {
    Iterator<Entry> entries = file.scan(from, to, backward);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public StorageSnapshot.Row next() {
        Entry entry = entries.next();
        byte[] value = entry.value();
        if (value == null) {
          throw new IllegalStateException("a table has a value for each key");
        }
        return new StorageSnapshot.Row(entry.key(), value);
      }
    };
  }

  /** All rows in the order of the file, for a merge: nothing is made of a row. For one thread. */
  public Walk walk() {
    return new Walk(file.walk());
  }

  /** A place in the table; before the first row, until {@link #next} is called. */
  public static final class Walk {
    private final SortedFile.Walk rows;
    private Block.@Nullable Cursor row;

    private Walk(SortedFile.Walk rows) {
      this.rows = rows;
    }

    /** Goes to the next row; false if there is none. */
    public boolean next() {
      row = rows.next();
      return row != null;
    }

    private Block.Cursor row() {
      Block.Cursor here = row;
      if (here == null) {
        throw new IllegalStateException("there is no row here");
      }
      return here;
    }

    /** The key is the first {@link #keyLength} bytes of this, until {@link #next} is called. */
    public byte[] key() {
      return row().keyBytes();
    }

    public int keyLength() {
      return row().keyLength();
    }

    /** The value begins at {@link #valueAt} of this. */
    public byte[] value() {
      return row().valueBytes();
    }

    public int valueAt() {
      return row().valueAt();
    }
  }

  /** Takes a value where it stands: {@code length} bytes from {@code from} on. */
  @FunctionalInterface
  public interface ValueVisitor {
    void visit(byte[] bytes, int from, int length);
  }

  /**
   * Hands over the values of the keys from {@code from} (included) to {@code to} (excluded), in
   * order, without making objects of them: for who reads thousands.
   */
  public void forEachValue(byte[] from, byte[] to, ValueVisitor visitor) {
    file.forEachValue(from, to, visitor);
  }

  /** About how many bytes of the file are before {@code key}: cheap, to within two blocks. */
  public long position(byte[] key) {
    return file.position(key);
  }

  /** Holds it open. Only who knows that it is held now may call this. */
  public void retain() {
    holders.incrementAndGet();
  }

  /** Lets go. It must not be read any more by whoever held it. */
  public void release() {
    if (holders.decrementAndGet() > 0) {
      return;
    }
    file.close();
    if (obsolete) {
      Folder.deleteQuietly(disk, file.path());
    }
  }

  /**
   * Nothing is to name it any more: whoever held it as the storage does, or made it and never
   * handed it over, lets go of it, and the last to let go deletes it.
   */
  public void discard() {
    obsolete = true;
    release();
  }
}
