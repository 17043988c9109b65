package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.revision.Revision;
import dev.stave.sync.DeadLetter;

/** When nothing is left to be done, what a target lacks is a dead letter, and nothing else is. */
final class DeadLetterChecker {

  void check(Fleet fleet) {
    fleet.flows().forEach(flow -> check(fleet, flow));
  }

  private static void check(Fleet fleet, Flow flow) {
    for (Change change : flow.source().database().changes(0, Integer.MAX_VALUE)) {
      if (!flow.carries(change.id())) {
        continue;
      }
      for (Revision leaf : flow.source().database().tree(change.id()).leaves()) {
        boolean isThere = flow.target().database().tree(change.id()).get(leaf.id()).isPresent();
        boolean isPurged = fleet.ledger().isPurgedAt(flow.target(), change.id(), leaf.id());
        assertThat(isThere || isPurged || fleet.hasDeadLetter(flow, change.id(), leaf.id()))
            .as("dead letters: %s has %s %s or tells of it", flow, change.id(), leaf.id())
            .isTrue();
      }
    }
    for (DeadLetter letter : Fleet.deadLetters(flow).list()) {
      boolean isGone = // purged at the source, so that it cannot be sent any more
          !flow.source().database().tree(letter.document()).get(letter.revision()).isPresent();
      assertThat(isGone || fleet.isRefused(flow, letter.document()))
          .as("dead letters: %s of %s was refused", letter, flow)
          .isTrue();
    }
  }
}
