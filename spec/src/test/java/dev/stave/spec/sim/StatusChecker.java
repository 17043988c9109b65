package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.sync.Replica;
import dev.stave.sync.RevisionStatus;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** What a replica says of an edit is true of the peer. */
final class StatusChecker {

  private final Bug bug;

  /** What is at a target stays there. */
  private final Map<Flow, Set<Ledger.Edit>> seen = new IdentityHashMap<>();

  StatusChecker(Bug bug) {
    this.bug = bug;
  }

  void check(Fleet fleet) {
    for (Ledger.Edit edit : fleet.ledger().edits()) {
      if (edit.node().isOn()) {
        edit.node().replicas().forEach((flow, replica) -> check(fleet, edit, flow, replica));
      }
    }
  }

  private void check(Fleet fleet, Ledger.Edit edit, Flow flow, Replica replica) {
    Set<Ledger.Edit> arrived = seen.computeIfAbsent(flow, any -> new HashSet<>());
    if (!flow.isPush() || !flow.target().isOn() || arrived.contains(edit) || !isKept(edit)) {
      return;
    }
    if (fleet.ledger().isAt(flow.target(), edit)
        || fleet.ledger().isPurgedAt(flow.target(), edit)) {
      arrived.add(edit);
      return;
    }
    assertThat(bug.status(replica.status(edit.id(), edit.revision())))
        .as("status: %s, which %s has not", edit, flow.target())
        .isNotInstanceOf(RevisionStatus.Acknowledged.class);
  }

  private static boolean isKept(Ledger.Edit edit) {
    return edit.node().database().tree(edit.id()).get(edit.revision()).isPresent();
  }

  /** Nothing is under way any more. */
  void checkFinal(Fleet fleet) {
    check(fleet);
    for (Ledger.Edit edit : fleet.ledger().edits()) {
      for (Map.Entry<Flow, Replica> each : edit.node().replicas().entrySet()) {
        if (each.getKey().isPush() && isKept(edit)) {
          RevisionStatus status = bug.status(each.getValue().status(edit.id(), edit.revision()));
          assertThat(status.isFinal())
              .as(
                  "status: it is known what became of %s at %s, which is %s",
                  edit, each.getKey(), status)
              .isTrue();
        }
      }
    }
  }
}
