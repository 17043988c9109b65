package dev.stave.spec.sim;

import dev.stave.merge.MergePolicy;
import dev.stave.merge.Strategy;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.review.ReviewRules;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageException;
import dev.stave.sync.Replica;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What people and bad luck do to a fleet. */
final class Actions {

  private static final int DAY_MILLIS = 86_400_000;

  private final Fleet fleet;
  private final Random random;
  private final Network network;
  private final Trace trace;
  private final Editor editor;
  private final Forking forking;
  private final Purging purging;
  private final boolean isPurged;

  Actions(Fleet fleet) {
    this.fleet = fleet;
    this.random = fleet.machines().random();
    this.editor = new Editor(random);
    this.forking = new Forking(fleet, editor);
    this.purging = new Purging(fleet);
    this.isPurged = random.nextInt(3) == 0;
    this.network = fleet.machines().network();
    this.trace = fleet.machines().trace();
  }

  /** How conflicts are settled, by whoever has heard of it. */
  void setRules() {
    Strategy.Plain[] all = {
      Strategy.Plain.WINNER, Strategy.Plain.LATEST, Strategy.Plain.PREFER_LIVE
    };
    MergePolicy policy = MergePolicy.NONE.otherwise(all[random.nextInt(all.length)]);
    MergeRequests.of(fleet.nodes().get(0).database()).setRules(new ReviewRules(policy, List.of()));
  }

  void any() {
    Node node = fleet.anyNode();
    Node other = fleet.anyNode();
    switch (random.nextInt(32)) {
      case 0 -> network.weather(random.nextDouble() / 4, random.nextDouble() / 3, 0.05);
      case 1 -> network.weather(0, 0, 0);
      case 2, 3 -> network.cut(node, other);
      case 4 -> {
        network.cut(node, other);
        network.cut(other, node);
      }
      case 5 -> network.heal();
      case 6 -> network.slow(node, 1 + random.nextInt(60));
      case 7 -> node.switchOff();
      case 8 -> node.switchOffWithin(random.nextInt(6), random.nextBoolean());
      case 9, 10 -> fleet.nodes().stream().filter(n -> !n.isOn()).forEach(Node::switchOn);
      case 11 -> node.moveClock(random.nextInt(2 * DAY_MILLIS) - DAY_MILLIS);
      case 12 -> replicasOf(node, "hint");
      case 13 -> replicasOf(node, "pause");
      case 14, 15 -> merge(node);
      case 16 -> close(node);
      case 17 -> setRetention(node);
      case 18 -> node.fillDisk(random.nextInt(3) != 0);
      case 19 -> node.compact();
      case 20 -> forking.any(node);
      case 21 -> purge(node);
      case 22 -> fleet.phone().ifPresent(this::decide);
      default -> edit(node);
    }
  }

  /** A phone lets go of what its office has; what else is purged there is for people. */
  private void purge(Node node) {
    if (isPurged && !fleet.isPhone(node)) {
      purging.purge(node, editor.id());
    }
  }

  private void decide(Phone phone) {
    if (random.nextBoolean()) {
      phone.changeScope();
    } else {
      phone.settleSome();
    }
  }

  /** Nothing is done any more. */
  void end() {
    forking.close();
  }

  private void replicasOf(Node node, String what) {
    if (node.isOn()) {
      trace.add(node + " " + what);
      node.running()
          .forEach(
              replica -> {
                if (what.equals("hint")) {
                  replica.resume();
                  replica.hint();
                } else {
                  replica.pause();
                }
              });
    }
  }

  /** All is well, from now on. */
  void heal() {
    network.heal();
    for (Node node : fleet.nodes()) {
      node.switchOffWithin(-1, true);
      node.fillDisk(false);
      if (!node.isOn()) {
        node.switchOn();
      }
      node.running().forEach(Replica::resume);
    }
    trace.add("healed");
  }

  private void merge(Node node) {
    String id = editor.id();
    if (!node.isOn()) {
      return;
    }
    try {
      MergeRequests requests = MergeRequests.of(node.database());
      Optional<MergeOutcome> outcome = requests.openOf(id).map(requests::mergeByPolicy);
      if (outcome.isPresent() && outcome.get() instanceof MergeOutcome.Merged merged) {
        written(node, id, merged.revision());
      }
    } catch (StorageException e) {
      trace.add(node + " could not write a merge");
    }
  }

  /** One side of a conflict is kept. */
  private void close(Node node) {
    String id = editor.id();
    if (!node.isOn()) {
      return;
    }
    try {
      MergeRequests requests = MergeRequests.of(node.database());
      Optional<MergeRequest> open = requests.openOf(id);
      if (open.isPresent()) {
        List<RevisionId> sides = open.get().sides();
        requests.close(open.get(), sides.get(random.nextInt(sides.size())), "ann", "so");
        trace.add(node + " closed " + id);
      }
    } catch (StorageException e) {
      trace.add(node + " could not write a decision");
    }
  }

  private void setRetention(Node node) {
    if (!node.isOn() || fleet.isPhone(node)) {
      return;
    }
    try {
      int revisions = node.database().retention().revisions();
      node.database().setRetention(new Retention(revisions, random.nextInt(6)));
    } catch (StorageException e) {
      trace.add(node + " could not write a setting");
    }
  }

  private void edit(Node node) {
    String id = editor.id();
    if (!node.isOn()) {
      return;
    }
    try {
      written(node, id, editor.edit(node.database(), id, node.name()));
    } catch (StorageException e) {
      trace.add(node + " could not write an edit");
    }
  }

  private void written(Node node, String id, RevisionId revision) {
    trace.add(node + " wrote " + id + " " + revision);
    fleet.ledger().add(node, id, revision);
  }
}
