package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each acknowledged edit is where it was made, or something that grew from it; in the end,
 * everywhere. But for what somebody purged: that is nowhere for certain but where it was made, if
 * it was not purged there. What is written on a phone is for the {@link ScopeChecker}.
 */
final class LostEditChecker {

  void checkHomes(Fleet fleet) {
    for (Ledger.Edit edit : fleet.ledger().edits()) {
      boolean isStill = !fleet.isPhone(edit.node()); // else for the ScopeChecker
      if (isStill && edit.node().isOn() && !fleet.ledger().isPurgedAt(edit.node(), edit)) {
        check(fleet, edit.node(), edit);
      }
    }
  }

  void checkAll(Fleet fleet) {
    for (Ledger.Edit edit : fleet.ledger().edits()) {
      if (fleet.isPhone(edit.node()) || fleet.ledger().isPurgedAnywhere(edit)) {
        continue;
      }
      for (Node node : fleet.nodes()) {
        if (node == edit.node() || fleet.isShared(edit.id(), node, edit.node())) {
          check(fleet, node, edit);
        }
      }
    }
  }

  private static void check(Fleet fleet, Node node, Ledger.Edit edit) {
    assertThat(fleet.ledger().isAt(node, edit)).as("lost edit: %s is at %s", edit, node).isTrue();
  }
}
