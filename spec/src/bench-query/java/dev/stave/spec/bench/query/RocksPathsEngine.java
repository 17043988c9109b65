package dev.stave.spec.bench.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.spec.bench.storage.Sleep;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB through its JNI, with an index of all paths made by hand, and plans made by hand too: who
 * asks knows which way is best.
 *
 * <pre>
 * body   'd' u32(seq)                      → JSON, as it came
 * id     'i' id                            → u32(seq)
 * path   'p' u16(path) value u32(seq)      → nothing
 * name   'n' path                          → u16
 * value  1 u64(sortable double) │ 2 text 0 │ 3 boolean │ 4
 * </pre>
 *
 * Set up as in the race of storages: 64 MiB of cache, Bloom filters, each commit synced.
 */
final class RocksPathsEngine implements Engine {

  static {
    RocksDB.loadLibrary();
  }

  private static final long CACHE_BYTES = 64L << 20;
  private static final long WRITE_BUFFER_BYTES = 24L << 20;
  private static final int QUIET_POLLS = 10;
  private static final List<String> DUE =
      List.of(
          "rocksdb.mem-table-flush-pending",
          "rocksdb.num-running-flushes",
          "rocksdb.compaction-pending",
          "rocksdb.num-running-compactions");
  private static final byte[] NOTHING = {};
  private static final int LONGEST = 100;

  private final Cache cache = new LRUCache(CACHE_BYTES);
  private final BloomFilter filter = new BloomFilter(10);
  private final Options options =
      new Options()
          .setCreateIfMissing(true)
          .setIncreaseParallelism(2)
          .setWriteBufferSize(WRITE_BUFFER_BYTES)
          .setMaxWriteBufferNumber(2)
          .setRecycleLogFileNum(2)
          .setTableFormatConfig(
              new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(filter));
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final RocksDB db;
  private final Map<String, Integer> numbers = new HashMap<>();

  RocksPathsEngine(Path folder) {
    try {
      db = RocksDB.open(options, folder.toString());
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    try (RocksIterator names = db.newIterator()) {
      for (names.seek(new byte[] {'n'}); names.isValid() && names.key()[0] == 'n'; names.next()) {
        byte[] key = names.key();
        numbers.put(
            new String(key, 1, key.length - 1, StandardCharsets.UTF_8),
            (int) ByteBuffer.wrap(names.value()).getShort());
      }
    }
  }

  private interface Change {
    void to(WriteBatch batch) throws RocksDBException;
  }

  private void commit(Change change) {
    try (WriteBatch batch = new WriteBatch()) {
      change.to(batch);
      db.write(synced, batch);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  private int number(String path) {
    Integer known = numbers.get(path);
    if (known != null) {
      return known;
    }
    int number = numbers.size() + 1;
    numbers.put(path, number);
    byte[] value = ByteBuffer.allocate(2).putShort((short) number).array();
    commit(batch -> batch.put(("n" + path).getBytes(StandardCharsets.UTF_8), value));
    return number;
  }

  private static byte[] bodyKey(int seq) {
    return ByteBuffer.allocate(5).put((byte) 'd').putInt(seq).array();
  }

  private static byte[] idKey(String id) {
    return ("i" + id).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] pathKey(String path, byte[] value, int seq) {
    return ByteBuffer.allocate(3 + value.length + 4)
        .put((byte) 'p')
        .putShort((short) number(path))
        .put(value)
        .putInt(seq)
        .array();
  }

  private byte[] prefix(String path, byte[] value) {
    return ByteBuffer.allocate(3 + value.length)
        .put((byte) 'p')
        .putShort((short) number(path))
        .put(value)
        .array();
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, LONGEST);
    return ByteBuffer.allocate(length + 2)
        .put((byte) 2)
        .put(bytes, 0, length)
        .put((byte) 0)
        .array();
  }

  private static byte[] number(double number) {
    long bits = Double.doubleToLongBits(number);
    long sortable = bits ^ (bits < 0 ? -1 : Long.MIN_VALUE);
    return ByteBuffer.allocate(9).put((byte) 1).putLong(sortable).array();
  }

  private static byte[] value(JsonNode value) {
    if (value.isNumber()) {
      return number(value.doubleValue());
    }
    if (value.isBoolean()) {
      return new byte[] {3, (byte) (value.booleanValue() ? 1 : 0)};
    }
    return value.isTextual() ? text(value.textValue()) : new byte[] {4};
  }

  @Override
  public void insert(int first, List<byte[]> bodies) {
    commit(
        batch -> {
          for (int i = 0; i < bodies.size(); i++) {
            int seq = first + i;
            batch.put(bodyKey(seq), bodies.get(i));
            batch.put(idKey(Orders.id(seq)), ByteBuffer.allocate(4).putInt(seq).array());
            Leaves.walk(
                Leaves.parse(bodies.get(i)),
                (path, value) -> put(batch, pathKey(path, value(value), seq)));
          }
        });
  }

  private static void put(WriteBatch batch, byte[] key) {
    try {
      batch.put(key, NOTHING);
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] row(byte[] key) {
    try {
      byte[] value = db.get(key);
      if (value == null) {
        throw new IllegalStateException("a row is missing");
      }
      return value;
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  private int seq(String id) {
    return ByteBuffer.wrap(row(idKey(id))).getInt();
  }

  @Override
  public int get(String id) {
    return row(bodyKey(seq(id))).length;
  }

  /**
   * The seqs of the rows from {@code from} on, below {@code to}, until {@code visitor} is sated.
   */
  private void scan(byte[] from, byte[] to, IntPredicate visitor) {
    try (RocksIterator rows = db.newIterator()) {
      for (rows.seek(from); rows.isValid(); rows.next()) {
        byte[] key = rows.key();
        if (Arrays.compareUnsigned(key, to) >= 0
            || !visitor.test(ByteBuffer.wrap(key).getInt(key.length - 4))) {
          return;
        }
      }
    }
  }

  private static byte[] after(byte[] prefix) {
    byte[] next = prefix.clone();
    next[next.length - 1]++; // the last byte of a text is 0
    return next;
  }

  private List<Integer> equal(Question question) {
    byte[] prefix = prefix(question.path(), text(question.text()));
    List<Integer> seqs = new ArrayList<>();
    scan(prefix, after(prefix), seqs::add);
    return seqs;
  }

  private List<Integer> range(Question question, int limit) {
    List<Integer> seqs = new ArrayList<>();
    scan(
        prefix("total", number(question.low())),
        prefix("total", number(question.high())),
        seq -> seqs.add(seq) && seqs.size() < limit);
    return seqs;
  }

  @Override
  public List<String> find(Question question) {
    return switch (question.kind()) {
      case EQUAL, UNDECLARED, MEMBER -> ids(new ArrayList<>(new HashSet<>(equal(question))));
      case RANGE_LIMIT -> ids(range(question, Question.LIMIT));
      case RANGE_SORT -> sorted(range(question, Integer.MAX_VALUE));
      case TOP_OF -> newest(new HashSet<>(equal(question)));
      case TWO, STATUS -> ids(both(question));
      case PAGE -> {
        List<Integer> both = both(question);
        yield ids(both.subList(0, Math.min(Question.LIMIT, both.size())));
      }
    };
  }

  private List<Integer> both(Question question) {
    Set<Integer> both = new HashSet<>(equal(question));
    both.retainAll(new HashSet<>(range(question, Integer.MAX_VALUE)));
    return new ArrayList<>(both);
  }

  private List<String> ids(List<Integer> seqs) {
    List<byte[]> keys = new ArrayList<>();
    seqs.forEach(seq -> keys.add(bodyKey(seq)));
    List<String> ids = new ArrayList<>();
    try {
      List<byte[]> bodies = db.multiGetAsList(keys);
      for (int i = 0; i < bodies.size(); i++) {
        if (bodies.get(i) == null) {
          throw new IllegalStateException("a body is missing");
        }
        ids.add(Orders.id(seqs.get(i)));
      }
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
    return ids;
  }

  private List<String> sorted(List<Integer> seqs) {
    record Found(int seq, String created) {}
    List<Found> found = new ArrayList<>();
    for (int seq : seqs) {
      JsonNode body = Leaves.parse(row(bodyKey(seq)));
      found.add(new Found(seq, body.get("created").textValue()));
    }
    found.sort(Comparator.comparing(Found::created));
    List<String> ids = new ArrayList<>();
    found.forEach(one -> ids.add(Orders.id(one.seq())));
    return ids;
  }

  /** Down the index of created, which costs less than reading and sorting all that match. */
  private List<String> newest(Set<Integer> matching) {
    byte[] first = prefix("created", new byte[] {2});
    byte[] end = prefix("created", new byte[] {3});
    List<Integer> top = new ArrayList<>();
    try (RocksIterator rows = db.newIterator()) {
      for (rows.seekForPrev(end); rows.isValid() && top.size() < Question.TOP; rows.prev()) {
        byte[] key = rows.key();
        if (Arrays.compareUnsigned(key, first) < 0) {
          break;
        }
        int seq = ByteBuffer.wrap(key).getInt(key.length - 4);
        if (matching.contains(seq)) {
          top.add(seq);
        }
      }
    }
    return ids(top);
  }

  @Override
  public void setStatus(Map<String, String> byId) {
    commit(
        batch -> {
          for (Map.Entry<String, String> change : byId.entrySet()) {
            int seq = seq(change.getKey());
            ObjectNode body = (ObjectNode) Leaves.parse(row(bodyKey(seq)));
            batch.delete(pathKey("status", value(body.get("status")), seq));
            body.put("status", change.getValue());
            batch.put(pathKey("status", text(change.getValue()), seq), NOTHING);
            batch.put(bodyKey(seq), Leaves.bytes(body));
          }
        });
  }

  @Override
  public void settle() {
    for (int quiet = 0; quiet < QUIET_POLLS; Sleep.millis(10)) {
      quiet = isIdle() ? quiet + 1 : 0;
    }
  }

  private boolean isIdle() {
    try {
      for (String property : DUE) {
        if (db.getLongProperty(property) != 0) {
          return false;
        }
      }
      return true;
    } catch (RocksDBException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    db.close();
    synced.close();
    options.close();
    filter.close();
    cache.close();
  }
}
