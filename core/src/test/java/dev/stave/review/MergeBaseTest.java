package dev.stave.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.Vectors;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code spec/vectors/merge-base.json} says of trees. */
class MergeBaseTest {

  static Stream<JsonNode> vectors() {
    return Vectors.read("merge-base.json");
  }

  private record Peer(RevisionTree tree, Map<RevisionId, Document> bodies)
      implements Merging.Source {
    @Override
    public Optional<Document> get(RevisionId revision) {
      return Optional.ofNullable(bodies.get(revision));
    }

    @Override
    public Optional<Provenance> provenance(RevisionId revision) {
      return Optional.empty();
    }
  }

  /** The tree, of which only the leaves have bodies: as it comes to a peer. */
  private static Peer peer(JsonNode revisions) {
    List<Revision> all = new ArrayList<>();
    Map<RevisionId, Document> bodies = new HashMap<>();
    for (JsonNode each : revisions) {
      RevisionId id = RevisionId.parse(each.path("id").textValue());
      RevisionId parent =
          each.has("parent") ? RevisionId.parse(each.get("parent").textValue()) : null;
      boolean deleted = each.path("deleted").booleanValue();
      JsonObject body = JsonObject.parse(each.has("body") ? each.get("body").toString() : "{}");
      all.add(new Revision(id, parent, deleted, Revision.NO_BODY));
      bodies.put(id, new Document("a", id, deleted, body));
    }
    RevisionTree tree = RevisionTree.of(all);
    bodies.keySet().removeIf(id -> !tree.isLeaf(id));
    return new Peer(tree, bodies);
  }

  private static List<RevisionId> ids(JsonNode json) {
    List<RevisionId> ids = new ArrayList<>();
    json.forEach(id -> ids.add(RevisionId.parse(id.textValue())));
    return ids;
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vector_isWhatItSays(JsonNode vector) {
    Peer peer = peer(vector.get("revisions"));
    Optional<MergeRequest> open = new Merging("a", peer).open();
    List<RevisionId> sides = ids(vector.get("sides"));
    List<RevisionId> bases = ids(vector.get("bases"));

    assertThat(open.map(MergeRequest::sides).orElse(List.of())).isEqualTo(sides);
    assertThat(peer.tree().missingBases()).isEqualTo(ids(vector.get("kept")));
    if (!sides.isEmpty()) {
      assertThat(new Ancestry(peer.tree(), peer::get).bases(sides))
          .containsExactlyElementsOf(bases);
      assertThat(Optional.ofNullable(open.orElseThrow().base()))
          .isEqualTo(bases.stream().findFirst());
    }
    assertThat(peer.tree().missingBases()).containsAll(bases);
  }
}
