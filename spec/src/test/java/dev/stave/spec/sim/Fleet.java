package dev.stave.spec.sim;

import dev.stave.database.DatabaseOptions;
import dev.stave.revision.RevisionId;
import dev.stave.storage.SimulatedDisk;
import dev.stave.sync.DeadLetters;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.SimulatedReplica;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The machines of a simulation, and who replicates with whom. */
final class Fleet {

  /** Some machines let nobody bring them this. */
  static final String REFUSED = "d0";

  private static final Scope LIMITED = Scope.ids(List.of("d0", "d1", "d2", "d3"));

  private final Machines machines;
  private final Random random;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Flow> flows = new ArrayList<>();
  private final Ledger ledger = new Ledger();

  /** One that shares only some documents with others; null if there is none. */
  private final Node limited;

  /** One that is a replica of a part of another one; null if there is none. */
  private final Phone phone;

  Fleet(Machines machines) {
    this.machines = machines;
    this.random = machines.random();
    int size = 2 + random.nextInt(4);
    int last = random.nextInt(3);
    boolean withFiles = random.nextInt(10) == 0;
    for (int i = 0; i < size; i++) {
      SimulatedDisk disk =
          withFiles ? SimulatedDisk.withFiles(random.nextLong()) : SimulatedDisk.inMemory();
      boolean isPhone = last == 1 && i == size - 1;
      nodes.add(new Node("p" + i, machines, isPhone ? phoneOptions() : options(), disk));
    }
    limited = last == 0 ? nodes.get(size - 1) : null;
    int connected = last == 1 ? size - 1 : size;
    connect(nodes.subList(0, connected));
    phone = last == 1 ? phone(nodes.get(size - 1), connected) : null;
    for (Node node : nodes) {
      if (random.nextInt(4) == 0) {
        node.refuses = REFUSED::equals;
      }
      node.moveClock(random.nextInt(2_000_000) - 1_000_000);
      node.switchOn();
    }
    machines.trace().add(nodes + " " + flows + " " + phone());
  }

  private DatabaseOptions options() {
    int revisions = random.nextInt(4) == 0 ? 20 + random.nextInt(20) : 1_000;
    return DatabaseOptions.DEFAULT.withRetention(revisions, random.nextInt(6));
  }

  private Phone phone(Node node, int offices) {
    return new Phone(node, nodes.get(random.nextInt(offices)), machines, ledger);
  }

  /** That a document was in scope is told by bodies of before. */
  private static DatabaseOptions phoneOptions() {
    return DatabaseOptions.DEFAULT.withRetention(1_000, 30);
  }

  private void connect(List<Node> all) {
    int shape = random.nextInt(3);
    for (int i = 1; i < all.size(); i++) {
      switch (shape) {
        case 0 -> connect(all.get(0), all.get(i)); // a star
        case 1 -> connect(all.get(i - 1), all.get(i)); // a chain
        default -> { // a mesh
          connect(all.get(random.nextInt(i)), all.get(i));
          if (random.nextBoolean()) {
            connect(all.get(i), all.get(random.nextInt(i)));
          }
        }
      }
    }
  }

  /** Each way is pushed, or pulled, or both. */
  private void connect(Node one, Node other) {
    copy(one, other);
    copy(other, one);
  }

  private void copy(Node source, Node target) {
    int who = random.nextInt(5);
    ReplicationOptions options =
        ReplicationOptions.DEFAULT
            .withScope(source == limited || target == limited ? LIMITED : Scope.ALL)
            .withBatchSize(1 + random.nextInt(random.nextBoolean() ? 4 : 100))
            .withCheckpointMillis(random.nextInt(10_000));
    if (who != 0) {
      add(new Flow(source, target, random.nextBoolean() ? source : target, options));
    } else {
      add(new Flow(source, target, source, options));
      add(new Flow(source, target, target, options));
    }
  }

  private void add(Flow flow) {
    boolean isNew =
        flows.stream()
            .noneMatch(
                each ->
                    each.source() == flow.source()
                        && each.target() == flow.target()
                        && each.home() == flow.home());
    if (isNew) {
      flows.add(flow);
      flow.home().copy(flow);
    }
  }

  List<Node> nodes() {
    return nodes;
  }

  List<Flow> flows() {
    return flows;
  }

  Optional<Phone> phone() {
    return Optional.ofNullable(phone);
  }

  boolean isPhone(Node node) {
    return phone != null && phone.node() == node;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Whether two machines are to have the same of a document. */
  boolean isShared(String id, Node one, Node other) {
    if (one == other) {
      return true;
    }
    if (isPhone(one) || isPhone(other)) {
      return false; // it changes, and is for the ScopeChecker
    }
    boolean isLimited = one == limited || other == limited;
    return !isLimited || LIMITED.ids().contains(id);
  }

  Machines machines() {
    return machines;
  }

  Node anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /** What is kept of what the target of {@code flow} refuses. */
  static DeadLetters deadLetters(Flow flow) {
    return deadLetters(flow, flow.home());
  }

  private static DeadLetters deadLetters(Flow flow, Node home) {
    return SimulatedReplica.deadLetters(
        home.database(),
        flow.source().database(),
        flow.target().database(),
        flow.options().scope());
  }

  /** At either end: if one pushes what the other pulls, they share a checkpoint. */
  boolean hasDeadLetter(Flow flow, String id, RevisionId revision) {
    return deadLetters(flow, flow.source()).find(id, revision).isPresent()
        || deadLetters(flow, flow.target()).find(id, revision).isPresent();
  }

  /** Whether the target of {@code flow} does not let it bring a document. */
  boolean isRefused(Flow flow, String id) {
    return flow.isPush() && flow.target().refuses.test(id);
  }

  void close() {
    nodes.forEach(Node::switchOff);
    machines.scheduler().drain();
    nodes.forEach(Node::drop);
  }
}
