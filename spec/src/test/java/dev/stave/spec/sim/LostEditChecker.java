package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each acknowledged edit is where it was made, or something that grew from it; in the end,
 * everywhere.
 */
final class LostEditChecker {

  void checkHomes(Fleet fleet) {
    for (Ledger.Edit edit : fleet.ledger().edits()) {
      if (edit.node().isOn()) {
        check(fleet, edit.node(), edit);
      }
    }
  }

  void checkAll(Fleet fleet) {
    for (Ledger.Edit edit : fleet.ledger().edits()) {
      for (Node node : fleet.nodes()) {
        check(fleet, node, edit);
      }
    }
  }

  private static void check(Fleet fleet, Node node, Ledger.Edit edit) {
    assertThat(fleet.ledger().isAt(node, edit)).as("lost edit: %s is at %s", edit, node).isTrue();
  }
}
