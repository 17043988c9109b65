package dev.stave.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.storage.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * Documents with attachments, written at random.
 *
 * <p>Strategy: few documents and few contents, so that they are shared; edits that keep, add,
 * replace and drop attachments or say nothing of them, deletions, purges, revisions of strangers,
 * restored revisions, uploads that no document takes, trimming, forks now and at earlier sequences,
 * and reopenings, with uploads under way too. Bodies of zero to three ancestors are kept.
 *
 * <p>Invariants: each body that is kept has the attachments it was written with, and their bytes
 * can be read; each content is stored once, counts who refers to it, and is gone when nobody does.
 */
class AttachmentLaws {

  private static final int IDS = 6;
  private static final int CONTENTS = 8;

  private final Map<String, Map<String, Integer>> written = new HashMap<>(); // by revision
  private final List<AttachmentUpload> held = new ArrayList<>();
  private int strangers;

  static byte[] content(int number) {
    int length = number == 0 ? 0 : number % 4 == 3 ? 300_000 + number : 10 * number;
    return AttachmentsTest.noise(number, length);
  }

  private static AttachmentUpload upload(Database database, int content) {
    try {
      return database
          .attachments()
          .store("application/x-" + content, new ByteArrayInputStream(content(content)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void step(Database database, Random random) {
    String id = "d" + random.nextInt(IDS);
    List<Revision> leaves = database.tree(id).leaves();
    JsonObject body = JsonObject.parse("{\"n\":" + random.nextInt(1_000_000) + "}");
    int what = random.nextInt(100);
    if (what < 5) {
      held.add(upload(database, random.nextInt(CONTENTS)));
    } else if (what < 10 && !held.isEmpty()) {
      held.remove(random.nextInt(held.size())).close();
    } else if (what < 20) {
      restore(database, id, random);
    } else if (what < 23 && !leaves.isEmpty()) {
      database.purge(Map.of(id, List.of(leaves.get(random.nextInt(leaves.size())).id())));
    } else if (leaves.isEmpty() || what < 35) {
      graft(database, id, body, random);
    } else {
      Revision leaf = leaves.get(random.nextInt(leaves.size()));
      Map<String, Integer> before = written.get(id + leaf.id());
      if (!leaf.deleted() && what < 45) {
        note(id, database.delete(id, leaf.id()), Map.of());
      } else if (what < 60) {
        note(id, database.put(id, leaf.id(), body), leaf.deleted() ? Map.of() : before);
      } else {
        Map<String, Integer> wanted = changed(before, random);
        withUploads(
            database, wanted, all -> note(id, database.put(id, leaf.id(), body, all), wanted));
      }
    }
  }

  private void restore(Database database, String id, Random random) {
    List<Revision> kept =
        database.tree(id).revisions().stream()
            .filter(revision -> revision.hasBody() && !revision.deleted())
            .collect(Collectors.toList());
    if (!kept.isEmpty()) {
      RevisionId old = kept.get(random.nextInt(kept.size())).id();
      note(id, database.history(id).restore(old), written.get(id + old));
    }
  }

  private void graft(Database database, String id, JsonObject body, Random random) {
    List<RevisionId> path = new ArrayList<>();
    List<Revision> known = new ArrayList<>(database.tree(id).revisions());
    if (!known.isEmpty() && random.nextBoolean()) {
      Revision base = known.get(random.nextInt(known.size()));
      database.tree(id).path(base.id()).forEach(each -> path.add(each.id()));
    }
    int generation = path.isEmpty() ? 1 : path.get(0).generation() + 1;
    path.add(0, new RevisionId(generation, "stranger" + strangers++));
    Map<String, Integer> wanted = changed(Map.of(), random);
    RevisionPath whole = new RevisionPath(path, random.nextInt(5) == 0);
    withUploads(
        database,
        wanted,
        all -> {
          database.write(new WriteBatch().graft(id, whole, body, all, Map.of()));
          note(id, path.get(0), wanted);
        });
  }

  private static Map<String, Integer> changed(Map<String, Integer> before, Random random) {
    Map<String, Integer> after = new TreeMap<>(before);
    for (int i = random.nextInt(3); i >= 0; i--) {
      String name = "n" + random.nextInt(4);
      if (random.nextInt(3) == 0) {
        after.remove(name);
      } else {
        after.put(name, random.nextInt(CONTENTS));
      }
    }
    return after;
  }

  private interface Use {
    void take(Map<String, Attachment> attachments);
  }

  private static void withUploads(Database database, Map<String, Integer> wanted, Use use) {
    Map<String, Attachment> all = new TreeMap<>();
    List<AttachmentUpload> uploads = new ArrayList<>();
    wanted.forEach(
        (name, content) -> {
          AttachmentUpload upload = upload(database, content);
          uploads.add(upload);
          all.put(name, upload.finish());
        });
    use.take(all);
    uploads.forEach(AttachmentUpload::close);
  }

  private void note(String id, RevisionId revision, Map<String, Integer> attachments) {
    written.put(id + revision, Map.copyOf(attachments));
  }

  private int check(Database database) {
    int found = 0;
    try (View view = database.view()) {
      assertThat(DatabaseCheck.problems(view.rows())).isEmpty();
    }
    for (int i = 0; i < IDS; i++) {
      String id = "d" + i;
      for (Revision revision : database.tree(id).revisions()) {
        if (revision.hasBody()) {
          found += check(database, database.get(id, revision.id()).orElseThrow());
        }
      }
    }
    return found;
  }

  private int check(Database database, Document document) {
    Map<String, Integer> wanted = written.get(document.id() + document.revision());
    assertThat(document.attachments()).containsOnlyKeys(wanted.keySet());
    document
        .attachments()
        .forEach(
            (name, attachment) -> {
              try (InputStream in = database.attachments().open(attachment)) {
                assertThat(Arrays.equals(in.readAllBytes(), content(wanted.get(name)))).isTrue();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              assertThat(attachment.contentType()).isEqualTo("application/x-" + wanted.get(name));
              assertThat(attachment.revpos()).isBetween(1, document.revision().generation());
            });
    return wanted.size();
  }

  @Property(tries = 25)
  void attachments_anyEdits_areStoredOnceWhileTheyAreKept(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    DatabaseOptions options =
        DatabaseOptions.DEFAULT.withMemoryBytes(2 << 20).withRetention(1_000, random.nextInt(4));
    Path folder = random.nextBoolean() ? null : Files.createTempDirectory("stave-att");
    MemoryStorage memory = new MemoryStorage();
    Database database = open(folder, memory, options);
    try {
      for (int i = 0; i < 60; i++) {
        step(database, random);
        int what = random.nextInt(100);
        if (what < 5) {
          Trimming.run(database, database.retention());
        } else if (what < 10) {
          if (random.nextBoolean()) { // else they are held by nobody who is alive
            held.forEach(AttachmentUpload::close);
          }
          held.clear();
          memory = memory.copy();
          database.close();
          database = open(folder, memory, options);
        } else if (what < 13) {
          checkFork(database, "f" + i, random);
        }
        if (i % 10 == 0) {
          check(database);
        }
      }
      held.forEach(AttachmentUpload::close);
      held.clear();
      Statistics.label("attachments kept").collect(check(database) > 10 ? "> 10" : "<= 10");
      if (folder != null) {
        database.compact();
        check(database);
      }
    } finally {
      database.close();
      if (folder != null) {
        assertThat(DatabaseCheck.of(folder).problems()).isEmpty();
        DatabaseFolders.delete(folder);
      }
    }
  }

  private void checkFork(Database database, String name, Random random) {
    long last = database.lastSequence();
    Database fork;
    try {
      fork =
          random.nextBoolean()
              ? database.fork(name)
              : database.forks().create(name, last - random.nextInt((int) Math.min(6, last + 1)));
    } catch (ForkException e) {
      return; // bodies of then are not kept
    }
    try (fork) {
      check(fork);
      for (int i = 0; i < 5; i++) {
        stepAlone(fork, random);
      }
      check(fork);
    }
    check(database);
    database.forks().drop(name);
  }

  /** What is held is of another database. */
  private void stepAlone(Database fork, Random random) {
    List<AttachmentUpload> others = new ArrayList<>(held);
    held.clear();
    step(fork, random);
    held.forEach(AttachmentUpload::close);
    held.clear();
    held.addAll(others);
  }

  private static Database open(Path folder, MemoryStorage memory, DatabaseOptions options) {
    return folder == null
        ? Database.opened(memory, options, 1 << 20)
        : Database.open(folder, options);
  }
}
