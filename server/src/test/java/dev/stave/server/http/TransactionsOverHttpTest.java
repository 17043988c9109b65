package dev.stave.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.sync.Replication;
import dev.stave.sync.ReplicationOptions;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is committed together arrives together at a server, and from one. */
class TransactionsOverHttpTest extends ServerPeerTest {

  private static final int TRANSACTIONS = 20;
  private static final int DOCUMENTS = 7;

  private static void write(Database source) {
    for (int i = 0; i < TRANSACTIONS; i++) {
      WriteBatch batch = new WriteBatch();
      for (int j = 0; j < DOCUMENTS; j++) {
        batch.put("t" + i + "-" + j, JsonObject.parse("{\"n\": " + i + "}"));
      }
      source.write(batch);
      source.put("alone-" + i, JsonObject.parse("{}"));
    }
  }

  /** Copies in batches of two documents; returns how many of a transaction a reader saw. */
  private static Set<Integer> copy(Peer from, Peer to, Database target) {
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    try (var commits =
        target.onCommit(
            sequence -> {
              for (int i = 0; i < TRANSACTIONS; i++) {
                int count = 0;
                for (int j = 0; j < DOCUMENTS; j++) {
                  count += target.get("t" + i + "-" + j).isPresent() ? 1 : 0;
                }
                seen.add(count);
              }
            })) {
      Replication.of(from, to, ReplicationOptions.DEFAULT.withBatchSize(2)).start().await();
    }
    return seen;
  }

  private static List<List<String>> groups(Database database) {
    return database.changes(0, 1_000).stream()
        .collect(Collectors.groupingBy(Change::together))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> each.getValue().stream().map(Change::id).toList())
        .toList();
  }

  @Test
  void push_ofTransactions_isSeenWholeOrNotAtAll() {
    write(here);

    assertThat(copy(LocalPeer.of(here), peer, there)).containsExactlyInAnyOrder(0, DOCUMENTS);

    assertThat(groups(there)).isEqualTo(groups(here));
  }

  @Test
  void pull_ofTransactions_isSeenWholeOrNotAtAll() {
    write(there);

    assertThat(copy(peer, LocalPeer.of(here), here)).containsExactlyInAnyOrder(0, DOCUMENTS);

    assertThat(groups(here)).isEqualTo(groups(there));
  }

  @Test
  void documentOfATransaction_thatIsRefused_isADeadLetter_andTheOthersArrive() {
    String check = "function(doc) { if (doc.bad) throw({forbidden: 'bad'}); }";
    there.put(
        "_design/check",
        JsonObject.from(Map.of("language", "javascript", "validate_doc_update", check)));
    WriteBatch batch = new WriteBatch();
    batch.put("a", JsonObject.parse("{}")).put("b", JsonObject.parse("{\"bad\": true}"));
    here.write(batch.put("c", JsonObject.parse("{}")));

    Replication push = Replication.of(LocalPeer.of(here), peer, ReplicationOptions.DEFAULT);
    push.start().await();

    assertThat(there.get("a")).isPresent();
    assertThat(there.get("b")).isEmpty();
    assertThat(there.get("c")).isPresent();
    assertThat(push.deadLetters().orElseThrow().list()).hasSize(1);
  }

  @Test
  void changes_tellOfTransactions_whoAsksForThat() {
    write(there);

    JsonNode plain = get("/db/_changes?limit=2").json();
    assertThat(plain.get("results")).hasSize(2);
    assertThat(plain.at("/results/0").has("together")).isFalse();
    JsonNode asked = get("/db/_changes?limit=2&together=true").json();
    assertThat(asked.get("results")).hasSize(DOCUMENTS);
    assertThat(asked.findValuesAsText("together")).hasSize(DOCUMENTS).containsOnly("7");
    assertThat(asked.get("last_seq").asInt()).isEqualTo(DOCUMENTS);
    JsonNode alone = get("/db/_changes?limit=1&since=7&together=true").json();
    assertThat(alone.at("/results/0").has("together")).isFalse();
  }
}
