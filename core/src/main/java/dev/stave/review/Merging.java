package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.merge.FieldDiff;
import dev.stave.merge.MergeFunction;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.MergeResult;
import dev.stave.merge.Side;
import dev.stave.merge.ThreeWayMerge;
import dev.stave.review.MergeRequest.State;
import dev.stave.review.Preview.Branch;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The branches of one document, and what merging them would come to. Reads, and writes nothing. */
final class Merging {

  /** What is known of a document: of one commit, or of a history that is not written yet. */
  interface Source {
    RevisionTree tree();

    /** A revision with its body, where that is kept. */
    Optional<Document> get(RevisionId revision);

    Optional<Provenance> provenance(RevisionId revision);
  }

  private final String id;
  private final Source source;
  private final RevisionTree tree;
  private final Ancestry ancestry;

  Merging(String id, Source source) {
    this.id = id;
    this.source = source;
    this.tree = source.tree();
    this.ancestry = new Ancestry(tree, source::get);
  }

  /** Its open merge request; empty if there is no conflict. */
  Optional<MergeRequest> open() {
    if (!tree.hasConflicts()) {
      return Optional.empty();
    }
    List<RevisionId> sides =
        tree.leaves().stream()
            .filter(leaf -> !leaf.deleted())
            .map(Revision::id)
            .collect(Collectors.toList());
    return Optional.of(request(sides, State.OPEN, null));
  }

  /** What was settled, as far as the history tells; the newest result first. */
  List<MergeRequest> settled() {
    Map<RevisionId, MergeRequest> settled = new TreeMap<>(Comparator.reverseOrder());
    closed(Closing::closedFor)
        .forEach((kept, others) -> settled.put(kept, settled(kept, kept, others, State.CLOSED)));
    ancestry
        .merges()
        .forEach(
            (merge, others) -> {
              RevisionId winner = tree.get(merge).map(Revision::parent).orElse(null);
              boolean byHand = source.provenance(merge).map(Provenance::author).isPresent();
              State state = byHand ? State.MERGED_BY_HAND : State.MERGED_BY_POLICY;
              settled.put(merge, settled(merge, winner, others, state));
            });
    return new ArrayList<>(settled.values());
  }

  private MergeRequest settled(
      RevisionId result, @Nullable RevisionId first, List<RevisionId> others, State state) {
    List<RevisionId> sides = new ArrayList<>(others);
    sides.sort(Comparator.reverseOrder());
    if (first != null) {
      sides.add(0, first);
    }
    return request(sides, state, result);
  }

  /** The ends of branches that a tombstone closes, by the revision that it names. */
  private Map<RevisionId, List<RevisionId>> closed(
      Function<JsonObject, Optional<RevisionId>> named) {
    Map<RevisionId, List<RevisionId>> closed = new TreeMap<>();
    for (Revision leaf : tombstones()) {
      RevisionId end = leaf.parent();
      source
          .get(leaf.id())
          .flatMap(tombstone -> named.apply(tombstone.body()))
          .filter(result -> end != null && tree.get(result).isPresent())
          .ifPresent(result -> closed.computeIfAbsent(result, r -> new ArrayList<>()).add(end));
    }
    return closed;
  }

  private List<Revision> tombstones() {
    return tree.leaves().stream().filter(Revision::deleted).collect(Collectors.toList());
  }

  /** The leaves that closed branches for {@code result}. */
  List<RevisionId> closers(RevisionId result) {
    List<RevisionId> closers = new ArrayList<>();
    for (Revision leaf : tombstones()) {
      source
          .get(leaf.id())
          .map(Document::body)
          .flatMap(Closing::result)
          .filter(result::equals)
          .ifPresent(r -> closers.add(leaf.id()));
    }
    return closers;
  }

  private MergeRequest request(List<RevisionId> sides, State state, @Nullable RevisionId result) {
    Collection<RevisionId> bases = ancestry.bases(sides);
    RevisionId base = bases.isEmpty() ? null : bases.iterator().next();
    RevisionId teller = state == State.CLOSED && result != null ? closers(result).get(0) : result;
    Optional<Provenance> told = teller == null ? Optional.empty() : source.provenance(teller);
    return new MergeRequest(id, base, sides, state, result, told);
  }

  /** Whether a merge of one of these sides was undone: a policy would do it again. */
  boolean wasUndone(MergeRequest request) {
    return request.sides().stream()
        .map(side -> tree.get(side).map(Revision::parent).orElse(null))
        .anyMatch(this::isClosing);
  }

  private boolean isClosing(@Nullable RevisionId parent) {
    return parent != null
        && tree.get(parent).filter(Revision::deleted).isPresent()
        && source.get(parent).map(Document::body).flatMap(Closing::result).isPresent();
  }

  /** What merging {@code request} would come to. {@code held} is why it is not done by policy. */
  Preview preview(
      MergeRequest request,
      MergePolicy policy,
      Map<String, MergeFunction> functions,
      List<String> held) {
    List<Branch> branches = new ArrayList<>();
    List<Side> sides = new ArrayList<>();
    Collection<RevisionId> bases = ancestry.bases(request.sides());
    JsonNode known = baseOf(bases, policy, functions);
    JsonNode base = known == null ? MissingNode.getInstance() : known;
    for (RevisionId revision : request.sides()) {
      Document document = bodyOf(revision);
      sides.add(side(document));
      JsonNode body = document.body().sharedTree();
      branches.add(
          new Branch(document, source.provenance(revision), FieldDiff.between(base, body, policy)));
    }
    MergeResult result = ThreeWayMerge.merge(base, sides, policy, functions);
    return new Preview(request, base, known != null, branches, result, held);
  }

  private Document bodyOf(RevisionId side) {
    return source
        .get(side)
        .orElseThrow(
            () -> new IllegalStateException("the body of a side is not kept: " + id + " " + side));
  }

  private Side side(Document document) {
    Optional<Provenance> told = source.provenance(document.revision());
    HybridTime time = told.map(Provenance::time).orElse(null);
    return new Side(
        document.deleted() ? MissingNode.getInstance() : document.body().sharedTree(),
        time == null ? null : time.value(),
        told.map(Provenance::author).orElse(null));
  }

  /**
   * The value that sides with these bases were made of: null if it is not kept. Of several bases,
   * each of which has changes that the others lack, it is what merging them gives.
   */
  private @Nullable JsonNode baseOf(
      Collection<RevisionId> bases, MergePolicy policy, Map<String, MergeFunction> functions) {
    if (bases.isEmpty()) {
      return ThreeWayMerge.NO_BASE;
    }
    List<Side> sides = new ArrayList<>();
    for (RevisionId each : bases) {
      Optional<Document> document = source.get(each);
      if (!document.isPresent()) {
        return null;
      }
      sides.add(side(document.get()));
    }
    if (sides.size() == 1) {
      return sides.get(0).value();
    }
    JsonNode below = baseOf(ancestry.bases(new ArrayList<>(bases)), policy, functions);
    return below == null ? null : ThreeWayMerge.merge(below, sides, policy, functions).value();
  }
}
