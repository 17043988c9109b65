package dev.stave.spec.sim;

import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every edit that a database has acknowledged, and what grew from it. */
final class Ledger {

  /** An edit, where it was made. */
  record Edit(Node node, String id, RevisionId revision) {}

  private record Version(String id, RevisionId revision) {}

  private final List<Edit> edits = new ArrayList<>();
  private final Map<Version, Set<RevisionId>> grown = new HashMap<>();

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
    return tree.get(edit.revision()).isPresent()
        || grown.getOrDefault(new Version(edit.id(), edit.revision()), Set.of()).stream()
            .anyMatch(later -> tree.get(later).isPresent());
  }
}
