package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.revision.Revision;
import dev.stave.sync.SimulatedReplica;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Up to where both sides say that all is copied, the target has it, or it is a dead letter, or was
 * purged there.
 */
final class CheckpointChecker {

  /** What is at a target stays there. */
  private final Map<Flow, Set<Long>> seen = new IdentityHashMap<>();

  void check(Fleet fleet) {
    fleet.flows().stream().filter(Flow::isOn).forEach(flow -> check(fleet, flow));
  }

  private void check(Fleet fleet, Flow flow) {
    long done =
        SimulatedReplica.checkpoint(
            flow.source().database(),
            flow.target().database(),
            flow.options().scope(),
            flow.home().machine());
    Set<Long> copied = seen.computeIfAbsent(flow, any -> new HashSet<>());
    for (Change change : flow.source().database().changes(0, Integer.MAX_VALUE)) {
      if (change.sequence() <= done
          && flow.carries(change.id())
          && !copied.contains(change.sequence())) {
        for (Revision leaf : flow.source().database().tree(change.id()).leaves()) {
          boolean isThere =
              flow.target().database().tree(change.id()).get(leaf.id()).isPresent()
                  || fleet.hasDeadLetter(flow, change.id(), leaf.id())
                  || fleet.ledger().isPurgedAt(flow.target(), change.id(), leaf.id());
          assertThat(isThere)
              .as("checkpoint: %s is at %s, so %s %s is there", flow, done, change.id(), leaf.id())
              .isTrue();
        }
        copied.add(change.sequence());
      }
    }
  }
}
