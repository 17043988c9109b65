package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Somebody purges leaves of a document at one machine. It is of that machine only: others keep
 * them, and may bring them back or not. What no leaf that is left needs goes, and nothing else.
 */
final class Purging {

  private final Fleet fleet;
  private final Random random;
  private final Trace trace;
  private final Bug bug;

  Purging(Fleet fleet) {
    this.fleet = fleet;
    this.random = fleet.machines().random();
    this.trace = fleet.machines().trace();
    this.bug = fleet.machines().bug();
  }

  void purge(Node node, String id) {
    if (!node.isOn()) {
      return;
    }
    RevisionTree before = node.database().tree(id);
    List<RevisionId> leaves =
        before.leaves().stream().map(Revision::id).filter(leaf -> random.nextInt(3) != 0).toList();
    if (leaves.isEmpty()) {
      return;
    }
    Set<RevisionId> stays = new HashSet<>();
    before.leaves().stream()
        .filter(leaf -> !leaves.contains(leaf.id()))
        .forEach(leaf -> before.path(leaf.id()).forEach(each -> stays.add(each.id())));
    Set<RevisionId> goes = new HashSet<>();
    leaves.forEach(leaf -> before.path(leaf).forEach(each -> goes.add(each.id())));
    goes.removeAll(stays);
    fleet.ledger().purged(node, id, goes); // even if it is refused: perhaps it is done
    try {
      bug.purge(node.database(), Map.of(id, leaves));
    } catch (StorageException e) {
      trace.add(node + " could not write a purge");
      return;
    }
    trace.add(node + " purged " + id + " " + leaves);
    RevisionTree after = node.database().tree(id);
    assertThat(after.revisions().stream().map(Revision::id))
        .as("purge: what stays of %s at %s", id, node)
        .containsExactlyInAnyOrderElementsOf(stays);
  }
}
