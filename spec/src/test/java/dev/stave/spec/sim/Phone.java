package dev.stave.spec.sim;

import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageException;
import dev.stave.sync.Departure;
import dev.stave.sync.Departures;
import dev.stave.sync.Replica;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.SimulatedReplica;
import dev.stave.sync.peer.Scope;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A machine that is a replica of a part of another one, the office. Which part changes: by a
 * selector, by edits that take documents out of it or into it, and by somebody who wants another
 * scope.
 */
final class Phone {

  private static final List<Scope> SCOPES =
      List.of(
          Scope.selector("{\"n\": 0}"),
          Scope.selector("{\"n\": {\"$gt\": 0}}"),
          Scope.selector("{\"n\": {\"$in\": [0, 2]}}"),
          Scope.path("/f1"),
          Scope.ids(List.of("d0", "d1", "d2")),
          Scope.ALL);

  private final Node node;
  private final Node office;
  private final Machines machines;
  private final Ledger ledger;
  private final Random random;
  private final boolean isPushed;
  private final ReplicationOptions options;
  private Scope scope;

  Phone(Node node, Node office, Machines machines, Ledger ledger) {
    this.node = node;
    this.office = office;
    this.machines = machines;
    this.ledger = ledger;
    this.random = machines.random();
    this.isPushed = random.nextInt(3) != 0;
    this.scope = anyScope();
    this.options =
        ReplicationOptions.DEFAULT
            .withBatchSize(1 + random.nextInt(random.nextBoolean() ? 4 : 100))
            .withCheckpointMillis(random.nextInt(10_000));
    node.alsoRuns(this::start);
  }

  private Scope anyScope() {
    return SCOPES.get(random.nextInt(SCOPES.size()));
  }

  private Replica start() {
    Replica.Builder asked =
        Replica.of(node.database()).with(new RemotePeer(node, office, machines)).scope(scope);
    return SimulatedReplica.start(
        isPushed ? asked : asked.pull(), node.machine(), options.withScope(scope));
  }

  Node node() {
    return node;
  }

  Node office() {
    return office;
  }

  Scope scope() {
    return scope;
  }

  /** Whether what is written here goes to the office. */
  boolean isPushed() {
    return isPushed;
  }

  /** While the machine is on. */
  Replica replica() {
    return node.replica().orElseThrow();
  }

  /** Somebody wants another scope, now or from the next time on. */
  void changeScope() {
    scope = anyScope();
    machines.trace().add(node + " wants " + scope);
    if (node.isOn() && random.nextBoolean()) {
      node.switchOff();
      node.switchOn();
    } else if (node.isOn()) {
      replica().setScope(scope);
    }
  }

  /** Somebody decides on what has left with edits that the office lacks. */
  void settleSome() {
    if (!node.isOn()) {
      return;
    }
    Departures departures = replica().departures();
    for (Departure departure : departures.open()) {
      try {
        if (random.nextBoolean()) {
          machines.trace().add(node + " keeps " + departure.document());
          departures.keep(departure);
        } else {
          discard(departures, departure);
        }
      } catch (StorageException e) {
        machines.trace().add(node + " could not write a decision");
        return;
      }
    }
  }

  /** What is refused may be done all the same, if that is where the power failed. */
  private void discard(Departures departures, Departure departure) {
    String id = departure.document();
    RevisionTree tree = node.database().tree(id);
    Set<RevisionId> goes = new LinkedHashSet<>();
    departure.leaves().forEach(leaf -> tree.path(leaf).forEach(each -> goes.add(each.id())));
    machines.trace().add(node + " discards " + id + " " + departure.leaves());
    boolean mayBeDone = true;
    try {
      mayBeDone = departures.discard(departure, "so");
    } finally {
      if (mayBeDone) {
        ledger.discarded(id, goes);
      }
    }
  }

  @Override
  public String toString() {
    return node + " of " + office + (isPushed ? "" : ", which it only reads") + " " + scope;
  }
}
