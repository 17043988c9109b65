package dev.stave.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever was edited where, and copied in whatever order: in the end all peers are the same. */
class ReplicationLaws {

  @Property(tries = 60)
  void run_randomEditsOnThreePeers_allEndTheSame(@ForAll long seed) {
    Random random = new Random(seed);
    List<Database> peers = List.of(Database.inMemory(), Database.inMemory(), Database.inMemory());
    for (int step = 0; step < 120; step++) {
      Database peer = peers.get(random.nextInt(3));
      if (random.nextInt(5) == 0) {
        Replication.run(peer, peers.get(random.nextInt(3)));
      } else {
        edit(peer, random);
      }
    }
    for (int round = 0; round < 2; round++) {
      Replication.run(peers.get(0), peers.get(1));
      Replication.run(peers.get(1), peers.get(2));
      Replication.run(peers.get(2), peers.get(0));
    }

    assertSame(peers.get(0), peers.get(1));
    assertSame(peers.get(0), peers.get(2));
    peers.forEach(Database::close);
  }

  private static void edit(Database peer, Random random) {
    String id = "d" + random.nextInt(6);
    JsonObject body = JsonObject.parse("{\"n\": " + random.nextInt(5) + "}");
    List<Revision> leaves =
        peer.tree(id).leaves().stream().filter(l -> !l.deleted()).collect(Collectors.toList());
    if (leaves.isEmpty()) {
      peer.put(id, body);
      return;
    }
    RevisionId leaf = leaves.get(random.nextInt(leaves.size())).id();
    if (random.nextInt(4) == 0) {
      peer.delete(id, leaf);
    } else {
      peer.put(id, leaf, body);
    }
  }

  private static void assertSame(Database one, Database other) {
    List<String> ids =
        one.changes(0, 1_000).stream().map(Change::id).sorted().collect(Collectors.toList());
    assertThat(other.changes(0, 1_000))
        .extracting(Change::id)
        .containsExactlyInAnyOrderElementsOf(ids);
    for (String id : ids) {
      assertThat(other.get(id)).as(id).isEqualTo(one.get(id));
      assertThat(leaves(other, id)).isEqualTo(leaves(one, id));
    }
    for (int n = 0; n < 5; n++) {
      Query query = Query.where("{\"n\": " + n + "}").sortBy("_id");
      assertThat(other.find(query)).isEqualTo(one.find(query));
    }
  }

  private static List<RevisionId> leaves(Database peer, String id) {
    return peer.tree(id).leaves().stream().map(Revision::id).collect(Collectors.toList());
  }
}
