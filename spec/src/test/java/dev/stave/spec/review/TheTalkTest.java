package dev.stave.spec.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.merge.Resolution;
import dev.stave.review.Comment.Verdict;
import dev.stave.review.MergeOutcome;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequest.State;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import dev.stave.review.ReviewRules;
import dev.stave.review.ReviewRules.Required;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Replication;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The story of the talk. Alice, Iko and Bob each have the document a. Alice writes b, and Iko takes
 * it; Bob, who was away, writes c beside it. That is a branch, not an error: Iko looks at it, Bob
 * and Iko talk, Iko approves, and Bob merges both into d. All three end with d.
 */
class TheTalkTest {

  private static final JsonObject A =
      JsonObject.parse(
          "{\"kind\": \"talk\", \"title\": \"Sync\", \"room\": \"1\", \"minutes\": 30}");
  private static final JsonObject B =
      JsonObject.parse(
          "{\"kind\": \"talk\", \"title\": \"Sync\", \"room\": \"2\", \"minutes\": 45}");
  private static final JsonObject C =
      JsonObject.parse(
          "{\"kind\": \"talk\", \"title\": \"Local first\", \"room\": \"1\", \"minutes\": 20}");
  private static final JsonObject D =
      JsonObject.parse(
          "{\"kind\": \"talk\", \"title\": \"Local first\", \"room\": \"2\", \"minutes\": 40}");

  @Test
  void aliceIkoAndBob_editOneDocument_endWithD() {
    try (Database alice = Database.inMemory();
        Database iko = Database.inMemory();
        Database bob = Database.inMemory()) {

      // Alice writes a. What is about talks, an editor has to approve of. Iko and Bob get both.
      RevisionId a = write(alice, "alice", A);
      MergeRequests.of(alice)
          .setRules(ReviewRules.NONE.with(Required.by("editor", "{\"kind\": \"talk\"}")));
      sync(alice, iko);
      sync(alice, bob);

      // Alice makes b of it, and Iko takes that. Bob, who is on a train, makes c of it.
      RevisionId b = write(alice, "alice", a, B);
      sync(alice, iko);
      RevisionId c = write(bob, "bob", a, C);
      assertThat(iko.get("talk").orElseThrow().body()).isEqualTo(B);

      // Bob arrives. Now b and c stand beside each other: nothing is lost, and all see the same.
      sync(bob, iko);
      sync(iko, bob);
      MergeRequest branch = MergeRequests.of(bob).openOf("talk").orElseThrow();
      assertThat(branch.base()).isEqualTo(a);
      assertThat(branch.sides()).containsExactlyInAnyOrder(b, c);
      assertThat(MergeRequests.of(iko).open()).containsExactly(branch);
      assertThat(iko.get("talk")).isEqualTo(bob.get("talk"));

      // The base, both sides, and what each changed. Room and title fit; the minutes do not.
      Preview preview = MergeRequests.of(iko).preview(branch);
      assertThat(preview.base()).isEqualTo(A.tree());
      assertThat(preview.sides())
          .extracting(side -> side.told().orElseThrow().author())
          .containsExactlyInAnyOrder("alice", "bob");
      assertThat(preview.result().value().path("room").asText()).isEqualTo("2");
      assertThat(preview.result().value().path("title").asText()).isEqualTo("Local first");
      JsonPointer minutes = JsonPointer.parse("/minutes");
      assertThat(preview.result().clashes())
          .singleElement()
          .satisfies(clash -> assertThat(clash.path()).isEqualTo(minutes));
      assertThat(preview.held())
          .containsExactly("there are clashes", "it needs an approval by editor");
      assertThat(MergeRequests.of(iko).mergeByPolicy(branch)).isInstanceOf(MergeOutcome.Held.class);

      // Iko reviews, and Bob reads it on his own machine.
      MergeRequests.of(iko).comment(branch, "iko", "45 is long, 20 is short: 40?");
      MergeRequests.of(iko).review(branch, "iko", "editor", Verdict.APPROVE, "");
      sync(iko, bob);
      assertThat(MergeRequests.of(bob).comments(branch))
          .extracting(comment -> comment.author() + ": " + comment.text())
          .containsExactly("iko: 45 is long, 20 is short: 40?", "iko: ");

      // Bob merges both into d.
      JsonObject forty = JsonObject.parse("{\"n\": 40}");
      RevisionId d =
          MergeRequests.of(bob)
              .merge(
                  branch,
                  Map.of(minutes, new Resolution.Put(forty.tree().get("n"))),
                  "bob",
                  "as iko said");
      assertThat(bob.get("talk").orElseThrow().body()).isEqualTo(D);

      // Whoever meets whom: all three end with d, and with nothing beside it.
      sync(bob, alice);
      sync(alice, iko);
      for (Database each : new Database[] {alice, iko, bob}) {
        Document talk = each.get("talk").orElseThrow();
        assertThat(talk.revision()).isEqualTo(d);
        assertThat(talk.body()).isEqualTo(D);
        assertThat(each.tree("talk").leaves().stream().filter(leaf -> !leaf.deleted()))
            .extracting(Revision::id)
            .containsExactly(d);
        MergeRequests requests = MergeRequests.of(each);
        assertThat(requests.open()).isEmpty();

        // How it came about stays with the document.
        MergeRequest settled = requests.get(branch.id()).orElseThrow();
        assertThat(settled.state()).isEqualTo(State.MERGED_BY_HAND);
        assertThat(settled.result()).isEqualTo(d);
        assertThat(settled.sides()).isEqualTo(branch.sides());
        assertThat(settled.told().orElseThrow().author()).isEqualTo("bob");
        assertThat(settled.told().orElseThrow().reason()).isEqualTo("as iko said");
      }
      assertThat(MergeRequests.of(alice).comments(branch)).hasSize(2);
    }
  }

  private static RevisionId write(Database database, String author, JsonObject body) {
    database.write(new WriteBatch().author(author).put("talk", body));
    return database.get("talk").orElseThrow().revision();
  }

  private static RevisionId write(
      Database database, String author, RevisionId parent, JsonObject body) {
    database.write(new WriteBatch().author(author).put("talk", parent, body));
    return database.get("talk").orElseThrow().revision();
  }

  private static void sync(Database from, Database to) {
    Replication.run(from, to);
  }
}
