package dev.stave.spec.sim;

import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Every edit that a database has acknowledged, what grew from it, and what was given up of it. */
final class Ledger {

  /** An edit, where it was made. */
  record Edit(Node node, String id, RevisionId revision) {}

  private record Version(String id, RevisionId revision) {}

  private final List<Edit> edits = new ArrayList<>();
  private final Map<Version, Set<RevisionId>> grown = new HashMap<>();
  private final Map<Node, Set<Version>> purged = new HashMap<>();
  private final Set<Version> purgedAnywhere = new HashSet<>();
  private final Set<Version> discarded = new HashSet<>();

  /** Takes note of {@code revision}, which {@code node} has just written. */
  void add(Node node, String id, RevisionId revision) {
    edits.add(new Edit(node, id, revision));
    RevisionTree tree = node.database().tree(id);
    tree.path(revision)
        .forEach(
            ancestor ->
                grown
                    .computeIfAbsent(new Version(id, ancestor.id()), any -> new LinkedHashSet<>())
                    .add(revision));
  }

  List<Edit> edits() {
    return edits;
  }

  /** Whether {@code node} has an edit, or something that grew from it: histories may be cut. */
  boolean isAt(Node node, Edit edit) {
    RevisionTree tree = node.database().tree(edit.id());
    return offspring(edit).anyMatch(each -> tree.get(each).isPresent());
  }

  /** The edit and all that is known to have grown from it. */
  private Stream<RevisionId> offspring(Edit edit) {
    return Stream.concat(
        Stream.of(edit.revision()),
        grown.getOrDefault(new Version(edit.id(), edit.revision()), Set.of()).stream());
  }

  /** Somebody had these revisions purged at {@code node}, there only. */
  void purged(Node node, String id, Collection<RevisionId> revisions) {
    for (RevisionId each : revisions) {
      purged.computeIfAbsent(node, any -> new HashSet<>()).add(new Version(id, each));
      purgedAnywhere.add(new Version(id, each));
    }
  }

  boolean isPurgedAt(Node node, String id, RevisionId revision) {
    return purged.getOrDefault(node, Set.of()).contains(new Version(id, revision));
  }

  /** Whether somebody had the edit purged at {@code node}, or something that grew from it. */
  boolean isPurgedAt(Node node, Edit edit) {
    return offspring(edit).anyMatch(each -> isPurgedAt(node, edit.id(), each));
  }

  /** As {@link #isPurgedAt(Node, Edit)}, at any machine: it may not have come any further. */
  boolean isPurgedAnywhere(Edit edit) {
    return offspring(edit).anyMatch(each -> purgedAnywhere.contains(new Version(edit.id(), each)));
  }

  /** Whether anything of a document was purged at any machine. */
  boolean isPurgedAnywhere(String id) {
    return purgedAnywhere.stream().anyMatch(each -> each.id().equals(id));
  }

  /** Whether a leaf, or what it grew from, was purged at any machine. */
  boolean isPurgedAnywhere(String id, RevisionTree tree, RevisionId leaf) {
    return purgedAnywhere.stream()
        .filter(each -> each.id().equals(id))
        .anyMatch(
            each ->
                each.revision().equals(leaf)
                    || grown.getOrDefault(each, Set.of()).contains(leaf)
                    || tree.path(leaf).stream()
                        .map(Revision::id)
                        .anyMatch(each.revision()::equals));
  }

  /** Somebody gave up a departure with these. */
  void discarded(String id, Collection<RevisionId> revisions) {
    revisions.forEach(each -> discarded.add(new Version(id, each)));
  }

  boolean isDiscarded(Edit edit) {
    return offspring(edit).anyMatch(each -> discarded.contains(new Version(edit.id(), each)));
  }
}
