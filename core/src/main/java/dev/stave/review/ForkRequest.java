package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.Forks;
import dev.stave.database.Inspection;
import dev.stave.database.StaleRevisionException;
import dev.stave.database.TransactionConflictException;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.review.ForkedDocument.Standing;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a fork would bring back to the database it was made of: previewed document by document, and
 * merged all together or in part, by the rules of that database. Nothing of it is kept: it looks
 * anew at both with each call. Any thread may call any method.
 *
 * <p>The branches of a document go over as they are, with who made them; what fits is merged in the
 * same batch, and what clashes is an open merge request there. The fork stays as it is, can go on,
 * and can be merged again.
 */
public final class ForkRequest {

  private static final int CHANGES_AT_ONCE = 1_000;

  private final MergeRequests requests;
  private final Database parent;
  private final Database fork;
  private final Forks.Origin origin;

  ForkRequest(MergeRequests requests, Database fork) {
    this.requests = requests;
    this.parent = requests.database();
    this.fork = fork;
    this.origin =
        fork.forks()
            .origin()
            .filter(o -> o.parent().equals(parent.uuid()))
            .orElseThrow(() -> new IllegalArgumentException("this is no fork of the database"));
  }

  /**
   * What came of a merge.
   *
   * @param taken documents that the database has from the fork now, as they are or merged
   * @param open documents that it has with a conflict: each is a merge request now
   * @param left documents that one of the two deleted and the other edited, and no policy decides:
   *     they are as they were. Delete, or write, on one of the two, and merge again
   */
  public record Merged(List<String> taken, List<String> open, List<String> left) {}

  /**
   * Every document that was written on either side since the fork, previewed, the fork's first.
   *
   * @throws dev.stave.merge.InvalidMergePolicyException if the rules of the database cannot be read
   */
  public List<ForkedDocument> documents() {
    Set<String> written = changed(fork, origin.sequence());
    List<ForkedDocument> documents = preview(written);
    for (String id : changed(parent, origin.parentSequence())) {
      if (!written.contains(id)) {
        documents.add(
            new ForkedDocument(
                id, Standing.PARENT_ONLY, parent.get(id), fork.get(id), Optional.empty()));
      }
    }
    return documents;
  }

  private List<ForkedDocument> preview(Collection<String> ids) {
    ReviewRules rules = requests.rules();
    return ids.stream().map(id -> plan(id, rules).shown()).collect(Collectors.toList());
  }

  private static Set<String> changed(Database database, long since) {
    Set<String> ids = new LinkedHashSet<>();
    long at = since;
    List<Change> changes;
    do {
      changes = database.changes(at, CHANGES_AT_ONCE);
      for (Change change : changes) {
        ids.add(change.id());
        at = change.sequence();
      }
    } while (changes.size() == CHANGES_AT_ONCE);
    return ids;
  }

  /**
   * Merges all that the fork has written, as one commit.
   *
   * @param author who does so; of what is merged by it, it is told
   * @throws dev.stave.document.InvalidDocumentException if it is too much for one commit: merge it
   *     in parts
   * @throws dev.stave.validation.RefusedDocumentException if validators refuse a merged document;
   *     nothing is written
   * @throws dev.stave.merge.InvalidMergePolicyException if the rules of the database cannot be read
   */
  public Merged merge(String author, @Nullable String reason) {
    return merge(changed(fork, origin.sequence()), author, reason);
  }

  /**
   * As {@link #merge(String, String)}, those of these documents that the fork has written.
   *
   * @throws TransactionConflictException if the database is written to so fast that it cannot
   */
  public Merged merge(Collection<String> documents, String author, @Nullable String reason) {
    Set<String> wanted = new LinkedHashSet<>(documents);
    wanted.retainAll(changed(fork, origin.sequence()));
    for (int attempt = 0; attempt < Database.TRANSACTION_ATTEMPTS; attempt++) {
      ReviewRules rules = requests.rules();
      Merged merged = new Merged(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      WriteBatch batch = new WriteBatch().author(author).reason(reason);
      wanted.forEach(id -> plan(id, rules).addTo(batch, merged));
      if (batch.size() == 0) {
        return merged;
      }
      try {
        parent.write(batch);
        return merged;
      } catch (StaleRevisionException e) {
        // somebody wrote in between: look again
      }
    }
    throw new TransactionConflictException(Database.TRANSACTION_ATTEMPTS);
  }

  private Plan plan(String id, ReviewRules rules) {
    return parent.inspect(id, here -> fork.inspect(id, there -> new Plan(here, there, rules)));
  }

  /** A branch that the parent does not have. */
  private record Branch(
      RevisionPath path, Document document, Map<RevisionId, Provenance> provenances) {}

  /** What becomes of one document. Reads all that it needs when it is made. */
  private final class Plan {
    private final String id;
    private final List<Branch> branches = new ArrayList<>();
    private final ForkedDocument shown;
    private @Nullable JsonNode merged; // of the preview
    private @Nullable RevisionId deleted; // a live leaf that the merge deletes

    Plan(Inspection here, Inspection there, ReviewRules rules) {
      id = here.id();
      RevisionTree joined = here.tree();
      for (Revision leaf : there.tree().leaves()) {
        if (!joined.get(leaf.id()).isPresent()) {
          Branch branch = branch(here, there, leaf);
          branches.add(branch);
          joined = joined.graft(branch.path(), 1).tree();
        }
      }
      Merging.Source source = new Joined(joined, here, there);
      shown = shown(here, there, source, rules);
    }

    private Branch branch(Inspection here, Inspection there, Revision leaf) {
      List<RevisionId> ids = new ArrayList<>();
      Map<RevisionId, Provenance> told = new HashMap<>();
      RevisionTree known = here.tree();
      for (Revision each : there.tree().path(leaf.id(), id -> known.get(id).isPresent())) {
        ids.add(each.id());
        if (known.get(each.id()).isPresent()) {
          break; // from there on it is the same history
        }
        there.provenance(each.id()).ifPresent(provenance -> told.put(each.id(), provenance));
      }
      Document document =
          there
              .get(leaf.id())
              .orElseThrow(() -> new IllegalStateException("a leaf without a body: " + leaf));
      return new Branch(new RevisionPath(ids, leaf.deleted()), document, told);
    }

    private ForkedDocument shown(
        Inspection here, Inspection there, Merging.Source source, ReviewRules rules) {
      Optional<Document> before = winner(here).filter(d -> !d.deleted());
      Optional<Document> after = winner(there).filter(d -> !d.deleted());
      Merging merging = new Merging(id, source);
      Optional<Preview> preview =
          merging.open().map(open -> requests.preview(merging, open, rules, new ArrayList<>()));
      Standing standing = standing(here, there, source.tree(), preview);
      if (standing == Standing.MERGES) {
        merged = preview.map(p -> p.result().value()).orElse(null);
      }
      if (standing == Standing.DELETED_AND_EDITED) {
        standing = decided(merging, here, there, rules);
      }
      return new ForkedDocument(id, standing, before, after, preview);
    }

    private Standing standing(
        Inspection here, Inspection there, RevisionTree joined, Optional<Preview> preview) {
      if (branches.isEmpty()) {
        return Standing.SAME;
      }
      if (here.tree().leaves().isEmpty()) {
        return Standing.NEW;
      }
      if (preview.isPresent()) {
        long live = joined.leaves().stream().filter(leaf -> !leaf.deleted()).count();
        boolean isAll = preview.get().request().sides().size() == live; // else others stay open
        return preview.get().held().isEmpty() && isAll ? Standing.MERGES : Standing.OPEN;
      }
      boolean isForward =
          here.tree().leaves().stream().allMatch(leaf -> there.tree().get(leaf.id()).isPresent());
      return isForward || isDeleted(here) == isDeleted(there)
          ? Standing.FORWARD
          : Standing.DELETED_AND_EDITED;
    }

    /**
     * Where one of the two deleted what the other edited, the policy may say what becomes of it.
     */
    private Standing decided(
        Merging merging, Inspection here, Inspection there, ReviewRules rules) {
      List<RevisionId> sides = new ArrayList<>();
      winner(here).ifPresent(document -> sides.add(document.revision()));
      winner(there).ifPresent(document -> sides.add(document.revision()));
      MergeRequest request =
          new MergeRequest(id, null, sides, MergeRequest.State.OPEN, null, Optional.empty());
      Preview preview = merging.preview(request, rules.policy(), requests.functions(), List.of());
      if (!preview.isBaseKept() || !preview.result().isClean()) {
        return Standing.DELETED_AND_EDITED;
      }
      if (preview.result().value().isMissingNode()) {
        deleted = isDeleted(here) ? sides.get(1) : sides.get(0);
      }
      return Standing.MERGES;
    }

    private boolean isDeleted(Inspection inspection) {
      return !winner(inspection).filter(document -> !document.deleted()).isPresent();
    }

    private Optional<Document> winner(Inspection inspection) {
      return inspection.tree().winner().map(Revision::id).flatMap(inspection::get);
    }

    ForkedDocument shown() {
      return shown;
    }

    void addTo(WriteBatch batch, Merged outcome) {
      switch (shown.standing()) {
        case SAME, PARENT_ONLY -> {
          return;
        }
        case DELETED_AND_EDITED -> {
          outcome.left().add(id);
          return;
        }
        case OPEN -> outcome.open().add(id);
        default -> outcome.taken().add(id);
      }
      for (Branch branch : branches) {
        batch.graft(id, branch.path(), branch.document().body(), branch.provenances());
      }
      JsonNode value = merged;
      if (value != null) {
        MergeRequests.addMerge(
            shown.preview().map(Preview::request).orElseThrow(IllegalStateException::new),
            value,
            batch);
      }
      RevisionId gone = deleted;
      if (gone != null) {
        batch.delete(id, gone);
      }
    }
  }

  /** A document as it would be if the branches of both were there. */
  private record Joined(RevisionTree tree, Inspection here, Inspection there)
      implements Merging.Source {

    @Override
    public Optional<Document> get(RevisionId revision) {
      Optional<Document> known = here.get(revision);
      return known.isPresent() ? known : there.get(revision);
    }

    @Override
    public Optional<Provenance> provenance(RevisionId revision) {
      Optional<Provenance> told = here.provenance(revision);
      return told.isPresent() ? told : there.provenance(revision);
    }
  }
}
