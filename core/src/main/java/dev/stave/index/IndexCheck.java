package dev.stave.index;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.bytes.ByteWriter;
import dev.stave.bytes.Bytes;
import dev.stave.json.JsonObject;
import dev.stave.policy.IndexPolicy;
import dev.stave.storage.StorageSnapshot.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the index with the documents that it is of: for each path a sum over all that stands
 * there, once from the documents and once from the index. So it takes memory for the paths only,
 * and reads everything once. For one thread.
 */
public final class IndexCheck {

  private static final JsonNode NOTHING = JsonObject.parse("{}").sharedTree();

  /** How many postings, and what they add up to. */
  private static final class Sum {
    long count;
    long sum;

    void add(byte[] key, int length, long version) {
      long hash = version * 0x9e3779b97f4a7c15L;
      for (int i = 0; i < length; i++) {
        hash = (hash ^ key[i]) * 0x100000001b3L;
      }
      count++;
      sum += hash ^ hash >>> 29;
    }
  }

  private final IndexSnapshot index;
  private final PathDictionary dictionary;
  private final IndexPolicy policy;
  private final Map<Integer, Sum> expected = new HashMap<>();
  private final VersionSet versions = new VersionSet();
  private final Set<String> unknown = new HashSet<>();

  // of the document that is being walked through
  private long version;
  private final Set<String> seen = new HashSet<>(); // an array may have a value twice

  private final DocumentValues values =
      new DocumentValues() {
        @Override
        int child(int parent, @Nullable String name) {
          int path = dictionary.known(parent, name);
          if (path < 0) {
            unknown.add(dictionary.name(parent) + (name == null ? "[]" : "." + name));
          }
          return path;
        }

        @Override
        void value(int path, ByteWriter key, boolean coarse) {
          expect(path, key);
        }
      };

  /** Of an index that stays open until this has told its {@link #problems}. */
  public IndexCheck(IndexSnapshot index) {
    this.index = index;
    this.dictionary = index.dictionary();
    this.policy = index.leftOut().withoutBounds();
  }

  /** A live document, and the sequence of its version. */
  public void expect(long sequence, String id, JsonNode body) {
    version = sequence;
    versions.add(sequence);
    seen.clear();
    boolean isPartial = index.partial().contains(sequence);
    values.walk(id, isPartial ? NOTHING : body, policy);
  }

  private void expect(int path, ByteWriter key) {
    boolean isNew =
        dictionary.isSingle(path)
            || seen.add(
                path + " " + new String(key.array(), 0, key.size(), StandardCharsets.ISO_8859_1));
    if (isNew) {
      expected.computeIfAbsent(path, p -> new Sum()).add(key.array(), key.size(), version);
    }
  }

  /** A line for each thing that is wrong, at most {@code max}; none if the index is right. */
  public List<String> problems(int max) {
    List<String> problems = new ArrayList<>();
    for (String path : unknown) {
      add(problems, max, "the index does not know the path " + path);
    }
    VersionSet missing = versions.copy();
    missing.andNot(index.all());
    VersionSet dead = index.all();
    dead.andNot(versions);
    if (!missing.isEmpty() || !dead.isEmpty()) {
      add(
          problems,
          max,
          "the index lacks " + missing.size() + " documents and has " + dead.size() + " too many");
    }
    for (int path = PathDictionary.ID; path < dictionary.size(); path++) {
      Sum right = expected.getOrDefault(path, new Sum());
      boolean isMeant = dictionary.isKnown(path) && !index.isExcluded(path);
      Sum found = isMeant ? sum(path) : new Sum();
      if (right.count != found.count || right.sum != found.sum) {
        String counts = found.count + " values and the documents have " + right.count;
        String what = right.count == found.count ? "other values than the documents" : counts;
        add(problems, max, "at the path " + dictionary.name(path) + " the index has " + what);
      }
    }
    return problems;
  }

  private static void add(List<String> problems, int max, String problem) {
    if (problems.size() < max) {
      problems.add(problem);
    }
  }

  /** What the index has at {@code path} of live versions, each value of each once. */
  private Sum sum(int path) {
    Sum sum = new Sum();
    for (TablePart part : index.generation().parts()) {
      byte @Nullable [] before = null;
      for (Iterator<Row> rows = part.rows(path, KeyRange.ALL, false); rows.hasNext(); ) {
        Row row = rows.next();
        byte[] key = TableKeys.valueOf(row.key());
        if (before != null && Bytes.compare(before, key) >= 0) {
          throw new IllegalStateException("keys of the index are not in order");
        }
        before = key;
        part.list(row)
            .forEach(
                each -> {
                  if (index.isAliveInTables(each) && counts(path, each)) {
                    sum.add(key, key.length, each);
                  }
                  return true;
                });
      }
    }
    for (MemoryRows rows : index.memory()) {
      rows.forEachOnce(
          path,
          (key, each) -> {
            if (counts(path, each)) {
              sum.add(key, key.length, each);
            }
          });
    }
    return sum;
  }

  /** Of one that is partly indexed nothing but the id. */
  private boolean counts(int path, long each) {
    return path == PathDictionary.ID || !index.partial().contains(each);
  }
}
