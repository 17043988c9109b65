package dev.stave.spec.sim;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.Strategy;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.review.ReviewRules;
import dev.stave.revision.Retention;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What people and bad luck do to a fleet. */
final class Actions {

  /** Documents have a member {@code n} below this. */
  static final int VALUES = 4;

  private static final int DOCUMENTS = 8;
  private static final int FIELDS = 5;
  private static final int DAY_MILLIS = 86_400_000;

  private final Fleet fleet;
  private final Random random;
  private final Network network;
  private final Trace trace;
  private int count;

  Actions(Fleet fleet) {
    this.fleet = fleet;
    this.random = fleet.machines().random();
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
    switch (random.nextInt(28)) {
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
      default -> edit(node);
    }
  }

  private void replicasOf(Node node, String what) {
    if (node.isOn()) {
      trace.add(node + " " + what);
      node.replicas()
          .values()
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
      node.replicas().values().forEach(replica -> replica.resume());
    }
    trace.add("healed");
  }

  private void merge(Node node) {
    String id = id();
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
    String id = id();
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
    if (!node.isOn()) {
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
    String id = id();
    if (!node.isOn()) {
      return;
    }
    try {
      written(node, id, edit(node.database(), id, node.name() + "-" + count++));
    } catch (StorageException e) {
      trace.add(node + " could not write an edit");
    }
  }

  private void written(Node node, String id, RevisionId revision) {
    trace.add(node + " wrote " + id + " " + revision);
    fleet.ledger().add(node, id, revision);
  }

  private String id() {
    return "d" + random.nextInt(DOCUMENTS);
  }

  private RevisionId edit(Database database, String id, String mark) {
    List<Revision> live =
        database.tree(id).leaves().stream().filter(leaf -> !leaf.deleted()).toList();
    if (live.isEmpty()) {
      return database.put(id, changed(JsonNodeFactory.instance.objectNode(), mark));
    }
    Revision leaf = live.get(random.nextInt(live.size()));
    if (random.nextInt(6) == 0) {
      return database.delete(id, leaf.id());
    }
    Document document = database.get(id, leaf.id()).orElseThrow();
    JsonObject body = changed((ObjectNode) document.body().tree(), mark);
    if (random.nextInt(4) == 0) {
      try (AttachmentUpload upload = database.attachments().begin("text/plain")) {
        byte[] bytes =
            mark.repeat(1 + random.nextInt(20)).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        upload.write(bytes, 0, bytes.length);
        return database.put(id, leaf.id(), body, Map.of("a", upload.finish()));
      }
    }
    return random.nextInt(8) == 0
        ? database.put(id, leaf.id(), body, Map.of())
        : database.put(id, leaf.id(), body);
  }

  private JsonObject changed(ObjectNode body, String mark) {
    body.put("n", random.nextInt(VALUES));
    body.put("f" + random.nextInt(FIELDS), mark);
    return JsonObject.of(body);
  }
}
