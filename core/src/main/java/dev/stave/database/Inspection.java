package dev.stave.database;

import dev.stave.document.Document;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import java.util.Map;
import java.util.Optional;

/** One document and its history, as of one commit; until {@link Database#inspect} returns. */
public final class Inspection {

  private final String id;
  private final View view;
  private final RevisionTree tree;
  private final long sequence;

  Inspection(String id, View view) {
    this.id = id;
    this.view = view;
    DocumentRows.State state = view.state(id);
    this.tree = state.tree();
    this.sequence = state.changeSequence();
  }

  public String id() {
    return id;
  }

  /** As {@link Database#tree}. */
  public RevisionTree tree() {
    return tree;
  }

  /**
   * The sequence of its newest change, whatever that was: an edit, or an ancestor's body that came
   * later. 0 if there is no document.
   */
  public long sequence() {
    return sequence;
  }

  /** A revision with its body; empty if it, or its body, is not kept. */
  public Optional<Document> get(RevisionId revision) {
    return tree.withBody(revision).map(known -> view.document(known.sequence()));
  }

  /** Who made the revisions, when and why: of those only of which somebody said so. */
  public Map<RevisionId, Provenance> provenances() {
    return view.provenances(id);
  }

  /** Who made a revision, when and why, if somebody said so. */
  public Optional<Provenance> provenance(RevisionId revision) {
    return view.provenance(id, revision);
  }
}
