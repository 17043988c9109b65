package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.Retention;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * Forks, and what was written to each.
 *
 * <p>Strategy: random edits, deletions, purges, conflicts (grafts on any revision that is known,
 * and paths of strangers), batches, compactions and reopenings; after each commit the documents are
 * written down with all their leaves. Forks are made of random databases of the family, now and at
 * earlier sequences.
 *
 * <p>Invariants: each database holds what was written down of it, and finds it by queries, whatever
 * became of its relatives; a fork at a sequence holds what was written down then; where it is
 * refused, a document has lost bodies that may have been leaves then, and the sequence that is
 * named is not refused.
 */
class ForkLaws {

  private static final int IDS = 12;
  private static final Pattern EARLIEST = Pattern.compile("earliest=(\\d+)");

  /** All that is to be seen of a database's documents. */
  private static Map<String, String> contents(Database database) {
    Map<String, String> contents = new TreeMap<>();
    for (int i = 0; i < IDS; i++) {
      String id = "d" + i;
      RevisionTree tree = database.tree(id);
      if (tree.leaves().isEmpty()) {
        continue;
      }
      List<String> leaves = new ArrayList<>();
      for (Revision leaf : tree.leaves()) {
        Document body = database.get(id, leaf.id()).orElseThrow();
        leaves.add(leaf.id() + (leaf.deleted() ? " deleted " : " ") + body.body());
      }
      contents.put(id, leaves.toString());
    }
    for (int n = 0; n < 4; n++) {
      contents.put("n=" + n, ids(database.find(Query.where("{\"n\":" + n + "}"))));
    }
    contents.put("count", database.count() + " " + database.deletedCount());
    contents.put("local", String.valueOf(database.getLocal("mine").isPresent()));
    return contents;
  }

  private static String ids(List<Document> documents) {
    return documents.stream().map(Document::id).sorted().collect(Collectors.joining(" "));
  }

  private static void edit(Database database, Random random) {
    WriteBatch batch = new WriteBatch();
    int edits = random.nextInt(4) == 0 ? 3 : 1;
    int first = random.nextInt(IDS);
    for (int i = 0; i < edits; i++) {
      edit(batch, database, "d" + (first + i) % IDS, random);
    }
    database.write(batch);
  }

  private static void edit(WriteBatch batch, Database database, String id, Random random) {
    RevisionTree tree = database.tree(id);
    JsonObject body =
        JsonObject.parse(
            "{\"n\":"
                + random.nextInt(4)
                + ",\"text\":\""
                + "x".repeat(random.nextInt(600))
                + "\"}");
    List<Revision> leaves = tree.leaves();
    if (!tree.missingBases().isEmpty() && random.nextInt(10) == 0) {
      RevisionId base = tree.missingBases().get(0);
      batch.base(new Document(id, base, random.nextBoolean(), body));
      return;
    }
    int what = random.nextInt(100);
    if (leaves.isEmpty() && what < 60) {
      batch.put(id, body);
    } else if (leaves.isEmpty() || what < 5) {
      graft(batch, id, new ArrayList<>(), 1 + random.nextInt(3), body, random); // a stranger's
    } else if (what < 20) {
      List<Revision> all = new ArrayList<>(tree.revisions());
      Revision base = all.get(random.nextInt(all.size()));
      List<RevisionId> path =
          tree.path(base.id()).stream().map(Revision::id).collect(Collectors.toList());
      graft(batch, id, path, 1 + random.nextInt(2), body, random);
    } else {
      Revision leaf = leaves.get(random.nextInt(leaves.size()));
      if (leaf.deleted() || what < 80) {
        batch.put(id, leaf.id(), body);
      } else {
        batch.delete(id, leaf.id());
      }
    }
  }

  private static void graft(
      WriteBatch batch,
      String id,
      List<RevisionId> path,
      int length,
      JsonObject body,
      Random random) {
    for (int i = 0; i < length; i++) {
      long generation = path.isEmpty() ? 1 : path.get(0).generation() + 1;
      path.add(
          0,
          RevisionId.parse(
              generation
                  + "-"
                  + String.format("%016x%016x", random.nextLong(), random.nextLong())));
    }
    batch.graft(id, new RevisionPath(path, random.nextInt(4) == 0), body);
  }

  /** A database, what was written down of it after each commit, and how to open it again. */
  private static final class Member {
    final String name;
    final Member parent;
    final Map<Long, Map<String, String>> history = new HashMap<>();
    final List<Long> past = new ArrayList<>(); // sequences before the last purge
    Database database;
    int forks;

    Member(String name, Member parent, Database database) {
      this.name = name;
      this.parent = parent;
      this.database = database;
    }

    Map<String, String> now() {
      return contents(database);
    }

    /** What was before is as if that had never been; it is not written down what that is. */
    void purge(String id, Random random) {
      List<RevisionId> leaves =
          database.tree(id).leaves().stream().map(Revision::id).collect(Collectors.toList());
      leaves.removeIf(leaf -> random.nextInt(3) == 0);
      if (!leaves.isEmpty()) {
        database.purge(Map.of(id, leaves));
        past.addAll(history.keySet());
        history.clear();
        writeDown();
      }
    }

    void writeDown() {
      history.put(database.lastSequence(), now());
    }
  }

  private static void grow(
      List<Member> family, Random random, int steps, Path root, long indexBytes) {
    for (int i = 0; i < steps; i++) {
      Member member = family.get(random.nextInt(family.size()));
      int what = random.nextInt(100);
      if (what < 3) {
        member.purge("d" + random.nextInt(IDS), random);
      } else if (what < 85) {
        edit(member.database, random);
        member.writeDown();
      } else if (what < 92 && family.size() < 6) {
        Database made = member.database.fork("f" + member.forks);
        Member fork = new Member("f" + member.forks++, member, made);
        assertThat(fork.now()).isEqualTo(member.now());
        fork.history.putAll(member.history);
        fork.writeDown();
        family.add(fork);
      } else if (what < 95 && root != null) {
        member.database.compact();
      } else if (what < 98 && (member.parent != null || root != null)) {
        member.database.close();
        member.database =
            member.parent == null
                ? SmallDatabases.open(root, indexBytes)
                : member.parent.database.forks().open(member.name);
      }
    }
  }

  private static void check(List<Member> family) {
    for (Member member : family) {
      assertThat(member.now()).isEqualTo(member.history.get(member.database.lastSequence()));
      assertThat(member.database.checkIndex()).isEmpty();
    }
  }

  @Property(tries = 40)
  void forks_writtenAtRandom_eachHoldsItsOwn(@ForAll long seed, @ForAll boolean inMemory)
      throws IOException {
    Random random = new Random(seed);
    Path root = inMemory ? null : Files.createTempDirectory("stave-forks").resolve("root");
    long indexBytes = random.nextInt(3) * 20_000L;
    Database begun =
        inMemory ? SmallDatabases.inMemory(indexBytes) : SmallDatabases.open(root, indexBytes);
    List<Member> family = new ArrayList<>(List.of(new Member("root", null, begun)));
    family.get(0).writeDown();
    grow(family, random, 150, root, indexBytes);
    check(family);
    for (int i = family.size() - 1; i > 0; i--) {
      Member fork = family.get(i);
      fork.database.close();
      fork.database = fork.parent.database.forks().open(fork.name);
    }
    check(family);
    for (int i = family.size() - 1; i > 0; i--) {
      family.get(i).database.close();
      family.get(i).parent.database.forks().drop(family.get(i).name);
    }
    check(family.subList(0, 1));
    family.get(0).database.close();
    if (root != null) {
      assertThat(DatabaseCheck.of(root).isWhole()).isTrue();
      DatabaseFolders.delete(root.getParent());
    }
    Statistics.collect(family.size() > 2 ? "forks" : "few forks");
  }

  @Property(tries = 40)
  void create_atASequence_isTheSnapshotOfThen(@ForAll long seed, @ForAll boolean inMemory)
      throws IOException {
    Random random = new Random(seed);
    Path root = inMemory ? null : Files.createTempDirectory("stave-forks").resolve("root");
    long indexBytes = random.nextInt(3) * 20_000L;
    Database begun =
        inMemory ? SmallDatabases.inMemory(indexBytes) : SmallDatabases.open(root, indexBytes);
    List<Member> family = new ArrayList<>(List.of(new Member("root", null, begun)));
    family.get(0).writeDown();
    grow(family, random, 60 + random.nextInt(60), root, indexBytes);
    for (Member member : family) {
      for (long sequence : new ArrayList<>(member.history.keySet())) {
        if (random.nextInt(6) == 0) {
          forkAt(member, sequence, random);
        }
      }
      for (long sequence : member.past) {
        if (random.nextInt(6) == 0) {
          forkBeforeAPurge(member, sequence);
        }
      }
    }
    check(family);
    for (int i = family.size() - 1; i >= 0; i--) {
      family.get(i).database.close();
    }
    if (root != null) {
      DatabaseFolders.delete(root.getParent());
    }
  }

  private static void forkAt(Member member, long sequence, Random random) {
    Forks forks = member.database.forks();
    String name = "at-" + sequence;
    try (Database fork = forks.create(name, sequence)) {
      assertThat(contents(fork)).isEqualTo(member.history.get(sequence));
      assertThat(fork.checkIndex()).isEmpty();
      Statistics.collect("made");
      edit(fork, random);
    } catch (ForkException e) {
      assertThat(hasLostBodies(member.database)).isTrue();
      Matcher earliest = EARLIEST.matcher(String.valueOf(e.getMessage()));
      assertThat(earliest.find()).isTrue();
      forks.create(name, Long.parseLong(earliest.group(1))).close();
      if (Long.parseLong(earliest.group(1)) > sequence + 1) {
        assertThatThrownBy(() -> forks.create(name + "-b", Long.parseLong(earliest.group(1)) - 1))
            .isInstanceOf(ForkException.class);
      }
      Statistics.collect("refused");
    }
    Map<String, String> before;
    try (Database fork = forks.open(name)) {
      before = contents(fork);
      assertThat(fork.checkIndex()).isEmpty();
    }
    try (Database fork = forks.open(name)) {
      assertThat(contents(fork)).isEqualTo(before);
    }
    forks.drop(name);
  }

  private static void forkBeforeAPurge(Member member, long sequence) {
    try (Database fork = member.database.forks().create("before", sequence)) {
      assertThat(fork.checkIndex()).isEmpty();
      try (View view = fork.view()) {
        assertThat(DatabaseCheck.problems(view.rows())).isEmpty();
      }
      Statistics.collect("made before a purge");
    } catch (ForkException e) {
      Statistics.collect("refused before a purge");
      return;
    }
    member.database.forks().drop("before");
  }

  private static boolean hasLostBodies(Database database) {
    for (int i = 0; i < IDS; i++) {
      RevisionTree tree = database.tree("d" + i);
      for (Revision leaf : tree.leaves()) {
        List<Revision> path = tree.path(leaf.id());
        for (int far = Retention.DEFAULT.bodies() + 1; far < path.size(); far++) {
          if (!path.get(far).isDated()) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
