package dev.stave.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Storage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * A snapshot of the index has what was alive at its commit: whatever was committed later, written
 * as tables, merged, or told again after a crash.
 */
class PathIndexLaws {

  private static final List<String> PATHS = List.of("a", "b", "tags", "tags[]", "in.k0", "in.k7");
  private static final int VALUES = 6;

  private record Version(String id, JsonNode body) {}

  /** What was alive after some commit. */
  private record Moment(IndexSnapshot snapshot, TreeMap<Long, Version> alive) {}

  private final List<IndexDelta> told = new ArrayList<>();
  private final TreeMap<Long, Version> alive = new TreeMap<>();
  private final Map<String, Long> versions = new HashMap<>();

  private static JsonNode document(Random random) {
    String json =
        String.format(
            "{\"a\": %d, \"b\": \"v%d\", \"tags\": [%d, %d, %d], \"in\": {\"k%d\": %s}}",
            random.nextInt(VALUES),
            random.nextInt(VALUES),
            random.nextInt(VALUES),
            random.nextInt(VALUES),
            random.nextInt(VALUES),
            random.nextInt(9),
            random.nextBoolean() ? "null" : "[]");
    return JsonObject.parse(json).sharedTree();
  }

  private List<IndexDelta> commit(Random random, long firstSequence) {
    List<IndexDelta> deltas = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      String id = "d" + random.nextInt(12);
      long sequence = firstSequence + i;
      long before = versions.getOrDefault(id, 0L);
      boolean deletes = before != 0 && random.nextInt(4) == 0;
      JsonNode body = deletes ? null : document(random);
      deltas.add(new IndexDelta(id, before, sequence, body));
      alive.remove(before);
      versions.remove(id);
      if (body != null) {
        alive.put(sequence, new Version(id, body));
        versions.put(id, sequence);
      }
    }
    return deltas;
  }

  @Property(tries = 60)
  void snapshot_ofAnyMoment_hasWhatWasAliveThen(@ForAll long seed) {
    told.clear();
    alive.clear();
    versions.clear();
    Random random = new Random(seed);
    long memoryBytes = random.nextInt(3) * 30_000L;
    Storage storage = new MemoryStorage();
    long sequence = random.nextBoolean() ? 0 : (1L << 32) - 40;
    List<Moment> moments = new ArrayList<>();
    PathIndex index = PathIndex.open(storage.tables(), memoryBytes, 0);
    for (int commit = 0; commit < 60; commit++) {
      List<IndexDelta> deltas = commit(random, sequence + 1);
      sequence += deltas.size();
      index.apply(deltas, sequence);
      told.addAll(deltas);
      if (random.nextInt(6) == 0) {
        moments.add(new Moment(index.at(sequence).orElseThrow(), new TreeMap<>(alive)));
      }
      if (random.nextInt(15) == 0) {
        index.close(); // open snapshots go on
        index = reopen(storage, memoryBytes, sequence, random);
      }
    }
    moments.add(new Moment(index.at(sequence).orElseThrow(), new TreeMap<>(alive)));
    for (Moment moment : moments) {
      check(moment, random);
      moment.snapshot().close();
    }
    index.close();
  }

  /** What the tables lack is told again; perhaps tables of another version are all lost. */
  private PathIndex reopen(Storage storage, long memoryBytes, long sequence, Random random) {
    long known = random.nextInt(4) == 0 ? 1 : sequence; // older than the tables: none is used
    PathIndex index = PathIndex.open(storage.tables(), memoryBytes, known);
    long flushedTo = index.flushedTo();
    assertThat(flushedTo).isLessThanOrEqualTo(known);
    TreeMap<Long, IndexDelta> missing = new TreeMap<>();
    for (Map.Entry<Long, Version> each : alive.tailMap(flushedTo + 1).entrySet()) {
      Version version = each.getValue();
      long before = index.versionInTables(version.id());
      missing.put(
          each.getKey(), new IndexDelta(version.id(), before, each.getKey(), version.body()));
    }
    for (IndexDelta delta : told) {
      boolean isDeleted = delta.body() == null && delta.sequence() > flushedTo;
      if (isDeleted && !versions.containsKey(delta.id())) {
        long before = index.versionInTables(delta.id());
        missing.put(delta.sequence(), new IndexDelta(delta.id(), before, delta.sequence(), null));
      }
    }
    index.apply(new ArrayList<>(missing.values()), sequence);
    return index;
  }

  private static void check(Moment moment, Random random) {
    IndexSnapshot snapshot = moment.snapshot();
    assertThat(list(snapshot.all())).containsExactlyElementsOf(moment.alive().keySet());
    for (String name : PATHS) {
      JsonPath path = JsonPath.parse(name);
      int[] paths = snapshot.paths(path);
      for (int i = 0; i < VALUES; i++) {
        JsonNode value =
            JsonObject.parse("{\"v\": " + (random.nextBoolean() ? i : "\"v" + i + "\"") + "}")
                .sharedTree()
                .get("v");
        KeyRange range =
            random.nextBoolean() ? KeyRange.equalTo(value) : KeyRange.above(value, true);
        VersionSet found = new VersionSet();
        for (int each : paths) {
          snapshot.collect(each, range, found);
        }
        TreeSet<Long> expected = new TreeSet<>();
        moment
            .alive()
            .forEach(
                (version, document) -> {
                  if (path.anyMatch(document.body(), each -> isIn(range, each))) {
                    expected.add(version);
                  }
                });
        assertThat(list(found)).as("%s %s", name, value).containsExactlyElementsOf(expected);
      }
    }
    checkWalk(moment, "a");
  }

  private static boolean isIn(KeyRange range, JsonNode value) {
    return !range.and(KeyRange.equalTo(value)).isEmpty();
  }

  private static void checkWalk(Moment moment, String name) {
    int[] path = moment.snapshot().paths(JsonPath.parse(name));
    if (path.length == 0) {
      return;
    }
    List<Long> expected = new ArrayList<>(moment.alive().keySet());
    expected.sort(
        (x, y) -> {
          int order =
              Integer.compare(
                  moment.alive().get(x).body().get(name).asInt(),
                  moment.alive().get(y).body().get(name).asInt());
          return order != 0 ? order : Long.compare(x, y);
        });
    List<Long> up = new ArrayList<>();
    List<Long> down = new ArrayList<>();
    moment.snapshot().walk(path[0], KeyRange.ALL, false, up::add);
    moment.snapshot().walk(path[0], KeyRange.ALL, true, down::add);

    assertThat(up).containsExactlyElementsOf(expected);
    Collections.reverse(expected);
    assertThat(down).containsExactlyElementsOf(expected);
  }

  private static List<Long> list(VersionSet set) {
    List<Long> all = new ArrayList<>();
    for (PrimitiveIterator.OfLong each = set.iterator(); each.hasNext(); ) {
      all.add(each.nextLong());
    }
    return all;
  }

  @Property(tries = 1)
  void at_beforeWhatTheTablesKnow_isEmpty() {
    PathIndex index = PathIndex.open(new MemoryStorage().tables(), 0, 0);
    Random random = new Random(1);
    for (int i = 1; i <= 20; i++) {
      index.apply(List.of(new IndexDelta("d" + i, 0, i, document(random))), i);
    }
    assertThat(index.at(20)).isPresent();
    assertThat(index.at(1)).isEqualTo(Optional.empty());
    index.close();
  }

  @Property(tries = 1)
  void rebuild_ofAnIndexThatWasToldWrong_isRight() {
    PathIndex index = PathIndex.open(new MemoryStorage().tables(), 0, 0);
    Random random = new Random(2);
    TreeMap<Long, Version> right = new TreeMap<>();
    for (int i = 1; i <= 30; i++) {
      JsonNode body = document(random);
      right.put((long) i, new Version("d" + i, body));
      JsonNode told = i % 3 == 0 ? document(random) : body;
      index.apply(i % 4 == 0 ? List.of() : List.of(new IndexDelta("d" + i, 0, i, told)), i);
    }
    index.rebuild(
        visitor -> right.forEach((sequence, v) -> visitor.visit(sequence, v.id(), v.body())));
    IndexSnapshot snapshot = index.at(30).orElseThrow();
    IndexCheck check = new IndexCheck(snapshot);
    right.forEach((sequence, v) -> check.expect(sequence, v.id(), v.body()));
    assertThat(check.problems(10)).isEmpty();
    snapshot.close();
    index.close();
  }
}
