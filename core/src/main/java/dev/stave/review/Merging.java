package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.stave.database.Database;
import dev.stave.database.Inspection;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
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

  private record Inspected(Inspection inspection) implements Merging.Source {
    @Override
    public RevisionTree tree() {
      return inspection.tree();
    }

    @Override
    public Optional<Document> get(RevisionId revision) {
      return inspection.get(revision);
    }

    @Override
    public Optional<Provenance> provenance(RevisionId revision) {
      return inspection.provenance(revision);
    }
  }

  private final String id;
  private final Source source;
  private final RevisionTree tree;
  private final Ancestry ancestry;
  private final Map<Collection<RevisionId>, JsonNode> values = new HashMap<>(); // of bases

  /** Of one commit, until {@link Database#inspect} returns. */
  static Merging of(Inspection inspection) {
    return new Merging(inspection.id(), new Inspected(inspection));
  }

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
    List<RevisionId> leaves =
        tree.leaves().stream()
            .filter(leaf -> !leaf.deleted())
            .map(Revision::id)
            .collect(Collectors.toList());
    return Optional.of(open(ancestry.nearest(leaves)));
  }

  /** Whether its sides are live leaves. */
  boolean isCurrent(MergeRequest request) {
    return request.sides().stream()
        .allMatch(side -> tree.isLeaf(side) && !tree.get(side).map(Revision::deleted).orElse(true));
  }

  /** One of just these sides, of which one may be deleted. */
  MergeRequest open(List<RevisionId> sides) {
    return request(sides, State.OPEN, null, null);
  }

  /** What was settled and is not undone, as far as the history tells; the newest result first. */
  List<MergeRequest> settled() {
    List<MergeRequest> settled = new ArrayList<>();
    Set<RevisionId> undone = new HashSet<>();
    eachTombstone((leaf, body) -> Closing.undone(body).ifPresent(undone::add));
    ancestry.merges().keySet().stream()
        .filter(merge -> !undone.contains(merge))
        .forEach(merge -> settled.add(merged(merge)));
    closed(result -> true).forEach((kept, closers) -> settled.add(closed(kept, closers)));
    settled.sort(
        Comparator.comparing(MergeRequest::result, Comparator.reverseOrder())
            .thenComparing(MergeRequest::state));
    return settled;
  }

  private MergeRequest merged(RevisionId merge) {
    List<RevisionId> sides = new ArrayList<>(ancestry.merges().getOrDefault(merge, List.of()));
    sides.sort(Comparator.reverseOrder());
    tree.get(merge).map(Revision::parent).ifPresent(winner -> sides.add(0, winner));
    boolean byHand = source.provenance(merge).map(Provenance::author).isPresent();
    return request(sides, byHand ? State.MERGED_BY_HAND : State.MERGED_BY_POLICY, merge, merge);
  }

  private MergeRequest closed(RevisionId kept, List<Revision> closers) {
    List<RevisionId> sides =
        closers.stream()
            .map(Revision::parent)
            .filter(Objects::nonNull)
            .sorted(Comparator.reverseOrder())
            .collect(Collectors.toList());
    sides.add(0, kept);
    return request(sides, State.CLOSED, kept, closers.get(0).id());
  }

  /** The leaves that close branches without merging them, by what was kept instead. */
  private Map<RevisionId, List<Revision>> closed(Predicate<RevisionId> wanted) {
    Map<RevisionId, List<Revision>> closed = new TreeMap<>();
    eachTombstone(
        (leaf, body) ->
            Closing.closedFor(body)
                .filter(wanted)
                .filter(kept -> tree.get(kept).isPresent())
                .ifPresent(kept -> closed.computeIfAbsent(kept, k -> new ArrayList<>()).add(leaf)));
    return closed;
  }

  /** Hands over the leaves that delete what was there, with their bodies. */
  private void eachTombstone(BiConsumer<Revision, JsonObject> visitor) {
    for (Revision leaf : tree.leaves()) {
      if (leaf.deleted() && leaf.parent() != null) {
        source.get(leaf.id()).ifPresent(tombstone -> visitor.accept(leaf, tombstone.body()));
      }
    }
  }

  /** The leaves that closed branches for {@code kept}, without merging them. */
  List<Revision> closers(RevisionId kept) {
    return closed(kept::equals).getOrDefault(kept, List.of());
  }

  private MergeRequest request(
      List<RevisionId> sides,
      State state,
      @Nullable RevisionId result,
      @Nullable RevisionId teller) {
    Collection<RevisionId> bases = ancestry.bases(sides);
    RevisionId base = bases.isEmpty() ? null : bases.iterator().next();
    Optional<Provenance> told = teller == null ? Optional.empty() : source.provenance(teller);
    return new MergeRequest(id, base, sides, state, result, told);
  }

  /**
   * Why a person is to look at it, since one did before: a merge of these sides was undone, or one
   * of them was closed. A policy would do again what was not wanted.
   */
  List<String> decidedBefore(MergeRequest request) {
    Set<RevisionId> undone = new HashSet<>();
    List<List<RevisionId>> undoneSides = new ArrayList<>();
    Set<RevisionId> closed = new HashSet<>();
    eachTombstone(
        (leaf, body) -> {
          Closing.undone(body).ifPresent(undone::add);
          if (Closing.undone(body).isPresent()) {
            undoneSides.add(Closing.undoneSides(body));
          }
          RevisionId end = leaf.parent();
          if (end != null && Closing.closedFor(body).isPresent()) {
            closed.add(end);
          }
        });
    if (undone.isEmpty() && closed.isEmpty()) {
      return List.of();
    }
    List<Set<RevisionId>> own = ownOf(request.sides());
    List<String> why = new ArrayList<>();
    if (own.stream().anyMatch(side -> !Collections.disjoint(side, undone))
        || undoneSides.stream()
            .anyMatch(of -> own.stream().filter(s -> !Collections.disjoint(s, of)).count() > 1)) {
      why.add("what settled it was undone");
    }
    if (own.stream().anyMatch(side -> !Collections.disjoint(side, closed))) {
      why.add("a side of it was closed");
    }
    return why;
  }

  /** Of each side what it was made of and not all others. */
  private List<Set<RevisionId>> ownOf(List<RevisionId> sides) {
    List<Set<RevisionId>> own =
        sides.stream().map(ancestry::withAncestors).collect(Collectors.toList());
    Set<RevisionId> common = new HashSet<>(own.get(0));
    own.forEach(common::retainAll);
    own.forEach(side -> side.removeAll(common));
    return own;
  }

  /** What merging {@code request} would come to. {@code held} is why it is not done by policy. */
  Preview preview(
      MergeRequest request,
      MergePolicy policy,
      Map<String, MergeFunction> functions,
      List<String> held) {
    List<Branch> branches = new ArrayList<>();
    List<Side> sides = new ArrayList<>();
    Collection<RevisionId> bases = bases(request);
    values.clear(); // of another policy
    boolean isPruned = bases.isEmpty() && !request.sides().stream().allMatch(ancestry::isWhole);
    JsonNode known = isPruned ? null : baseOf(bases, policy, functions);
    JsonNode base = known == null ? MissingNode.getInstance() : known;
    for (RevisionId revision : request.sides()) {
      Document document = bodyOf(revision);
      sides.add(side(document));
      branches.add(new Branch(document, source.provenance(revision), base, policy));
    }
    MergeResult result = ThreeWayMerge.merge(base, sides, policy, functions);
    return new Preview(request, base, known != null, branches, result, held);
  }

  /** Of one side alone the history does not tell what somebody else has of it: the request does. */
  private Collection<RevisionId> bases(MergeRequest request) {
    if (request.sides().size() > 1) {
      return List.copyOf(ancestry.bases(request.sides()));
    }
    RevisionId base = request.base();
    return base == null ? List.of() : List.of(base);
  }

  /**
   * The attachments that merging {@code request} comes to: of each name what the one side has that
   * changed it; and where several did, differently, what the first of them in winner order has.
   */
  SortedMap<String, Attachment> attachments(MergeRequest request) {
    List<SortedMap<String, Attachment>> sides =
        request.sides().stream()
            .map(side -> bodyOf(side).attachments())
            .collect(Collectors.toList());
    Set<String> names = new TreeSet<>();
    sides.forEach(side -> names.addAll(side.keySet()));
    SortedMap<String, Attachment> merged = new TreeMap<>();
    if (names.isEmpty()) {
      return merged;
    }
    Map<String, Attachment> base =
        ancestry.bases(request.sides()).stream()
            .findFirst()
            .flatMap(source::get)
            .map(Document::attachments)
            .orElse(Collections.emptySortedMap());
    for (String name : names) {
      Attachment before = base.get(name);
      sides.stream()
          .map(side -> Optional.ofNullable(side.get(name)))
          .filter(side -> !isSame(before, side.orElse(null)))
          .findFirst()
          .orElse(Optional.ofNullable(before))
          .ifPresent(attachment -> merged.put(name, attachment));
    }
    return merged;
  }

  private static boolean isSame(@Nullable Attachment one, @Nullable Attachment other) {
    return one == null ? other == null : one.isSame(other);
  }

  private Document bodyOf(RevisionId side) {
    return source
        .get(side)
        .orElseThrow(
            () -> new IllegalStateException("the body of a side is not kept: " + id + " " + side));
  }

  private Side side(Document document) {
    HybridTime time = timeOf(document.revision());
    return new Side(
        document.deleted() ? MissingNode.getInstance() : document.body().sharedTree(),
        time == null ? null : time.value(),
        source.provenance(document.revision()).map(Provenance::author).orElse(null));
  }

  /** When it was made. Nobody makes a merge by policy: it is as late as what it is of. */
  private @Nullable HybridTime timeOf(RevisionId revision) {
    HybridTime latest = HybridTime.NONE;
    Set<RevisionId> seen = new HashSet<>(List.of(revision));
    Deque<RevisionId> next = new ArrayDeque<>(seen);
    while (!next.isEmpty()) {
      RevisionId each = next.remove();
      HybridTime time = source.provenance(each).map(Provenance::time).orElse(null);
      if (time != null) {
        latest = time.compareTo(latest) > 0 ? time : latest;
      } else if (ancestry.merges().containsKey(each)) {
        ancestry.parents(each).stream().filter(seen::add).forEach(next::add);
      } else {
        return null;
      }
    }
    return latest;
  }

  /**
   * The value that sides with these bases were made of: null if it is not kept. Of several bases,
   * each of which has changes that the others lack, it is what merging them gives, one after the
   * other: so what some of them share is counted once.
   */
  private @Nullable JsonNode baseOf(
      Collection<RevisionId> bases, MergePolicy policy, Map<String, MergeFunction> functions) {
    JsonNode known = values.get(bases);
    if (known != null || bases.isEmpty()) {
      return known == null ? ThreeWayMerge.NO_BASE : known;
    }
    Side merged = null;
    List<RevisionId> before = new ArrayList<>();
    for (RevisionId each : bases) {
      Optional<Document> document = source.get(each);
      if (!document.isPresent()) {
        return null;
      }
      Side side = side(document.get());
      if (merged != null) {
        JsonNode below = baseOf(List.copyOf(ancestry.common(before, each)), policy, functions);
        if (below == null) {
          return null;
        }
        List<Side> both = List.of(merged, side);
        JsonNode value = ThreeWayMerge.merge(below, both, policy, functions).value();
        side = new Side(value, later(merged.time(), side.time()), null);
      }
      merged = side;
      before.add(each);
    }
    JsonNode value = merged == null ? ThreeWayMerge.NO_BASE : merged.value();
    values.put(List.copyOf(bases), value);
    return value;
  }

  private static @Nullable Long later(@Nullable Long one, @Nullable Long other) {
    return one == null || other == null ? null : Long.valueOf(Math.max(one, other));
  }
}
