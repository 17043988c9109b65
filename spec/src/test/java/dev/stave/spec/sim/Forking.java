package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.ForkException;
import dev.stave.review.ForkRequest;
import dev.stave.review.ForkRequest.Keep;
import dev.stave.review.ForkedDocument;
import dev.stave.review.MergeRequests;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What people do with forks of a machine's database while it replicates: they make one, edit it,
 * and merge it back, once or again. What is merged has all edits of the fork.
 */
final class Forking {

  private record Edit(String id, RevisionId revision) {}

  /** A fork, for as long as the database that it was made of is open. */
  private record Fork(Database parent, Database database, List<Edit> edits) {}

  private final Fleet fleet;
  private final Editor editor;
  private final Random random;
  private final Trace trace;
  private final Bug bug;
  private final Map<Node, Fork> forks = new LinkedHashMap<>();
  private int count;

  Forking(Fleet fleet, Editor editor) {
    this.fleet = fleet;
    this.editor = editor;
    this.random = fleet.machines().random();
    this.trace = fleet.machines().trace();
    this.bug = fleet.machines().bug();
  }

  void any(Node node) {
    if (!node.isOn()) {
      return;
    }
    Fork fork = forks.get(node);
    if (fork != null && fork.parent() != node.database()) { // the machine was off meanwhile
      close(node);
      fork = null;
    }
    try {
      if (fork == null) {
        make(node);
      } else if (random.nextInt(3) != 0) {
        edit(node, fork);
      } else {
        merge(node, fork);
        if (random.nextBoolean()) {
          close(node);
        }
      }
    } catch (StorageException e) {
      trace.add(node + " could not write to do with a fork");
    }
  }

  /** Of now, or of a while ago if all of that is kept. */
  private void make(Node node) {
    long last = node.database().lastSequence();
    long at = random.nextBoolean() ? last : Math.max(0, last - random.nextInt(10));
    try {
      Database made = node.database().forks().create("f" + count++, at);
      forks.put(node, new Fork(node.database(), made, new ArrayList<>()));
      trace.add(node + " forks at " + at);
      edit(node, forks.get(node));
    } catch (ForkException e) {
      trace.add(node + " keeps not enough for a fork at " + at);
    }
  }

  private void edit(Node node, Fork fork) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      String id = editor.id();
      RevisionId edited = editor.edit(fork.database(), id, node.name() + "-fork");
      fork.edits().add(new Edit(id, edited));
      trace.add(node + " wrote into its fork " + id + " " + edited);
    }
  }

  private void merge(Node node, Fork fork) {
    ForkRequest request = MergeRequests.of(node.database()).fork(fork.database());
    for (ForkedDocument each : request.documents()) {
      if (each.standing() == ForkedDocument.Standing.DELETED_AND_EDITED && random.nextBoolean()) {
        request.settle(each.id(), random.nextBoolean() ? Keep.EDITED : Keep.DELETED, "ann", "so");
      }
    }
    ForkRequest.Merged merged = bug.merge(request);
    trace.add(node + " merged its fork: " + merged);
    fork.edits().stream()
        .filter(edit -> !merged.left().contains(edit.id()))
        .forEach(edit -> check(node, fork, edit));
  }

  /** What was merged is an edit of the machine from now on. */
  private void check(Node node, Fork fork, Edit edit) {
    RevisionTree there = fork.database().tree(edit.id());
    RevisionTree here = node.database().tree(edit.id());
    boolean isMerged =
        there.leaves().stream()
            .filter(
                leaf ->
                    there.path(leaf.id()).stream()
                        .anyMatch(each -> each.id().equals(edit.revision())))
            .allMatch(leaf -> here.get(leaf.id()).isPresent());
    assertThat(isMerged).as("fork: %s of %s has %s", edit, fork.database(), node).isTrue();
    if (here.get(edit.revision()).isPresent()) {
      fleet.ledger().add(node, edit.id(), edit.revision());
    }
  }

  private void close(Node node) {
    Fork fork = forks.remove(node);
    fork.database().close();
    trace.add(node + " has no fork any more");
  }

  void close() {
    forks.values().forEach(fork -> fork.database().close());
    forks.clear();
  }
}
