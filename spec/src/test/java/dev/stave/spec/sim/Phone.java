package dev.stave.spec.sim;

import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageException;
import dev.stave.sync.Departure;
import dev.stave.sync.Departures;
import dev.stave.sync.Replica;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.SimulatedReplica;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

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
      String id = departure.document();
      try {
        if (random.nextBoolean()) {
          machines.trace().add(node + " keeps " + id);
          departures.keep(departure);
        } else {
          List<RevisionId> leaves = new ArrayList<>(departure.leaves());
          machines.trace().add(node + " discards " + id + " " + leaves);
          if (departures.discard(departure, "so")) {
            ledger.discarded(id, leaves);
          }
        }
      } catch (StorageException e) {
        machines.trace().add(node + " could not write a decision");
        ledger.discarded(id, departure.leaves()); // perhaps it is
        return;
      }
    }
  }

  @Override
  public String toString() {
    return node + " of " + office + (isPushed ? "" : ", which it only reads") + " " + scope;
  }
}
