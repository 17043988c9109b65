package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.changes.Change;
import dev.stave.database.Attachments;
import dev.stave.database.Database;
import dev.stave.database.Forks;
import dev.stave.database.Inspection;
import dev.stave.database.MissingAttachmentException;
import dev.stave.database.StaleRevisionException;
import dev.stave.database.TransactionConflictException;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
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
import java.util.TreeMap;
import java.util.function.Function;
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

  /** What becomes of a document that one of the two deleted and the other edited. */
  public enum Keep {
    /** The database has it as it was edited. */
    EDITED,
    /** The database does not have it. */
    DELETED
  }

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
   *     they are as they were, until somebody {@linkplain #settle settles} them
   */
  public record Merged(List<String> taken, List<String> open, List<String> left) {}

  /**
   * Every document that was written on either side since the fork, previewed, the fork's first. If
   * the rules of the database cannot be read, what both wrote is held back for that.
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
    List<String> unreadable = new ArrayList<>();
    ReviewRules rules = requests.readRules(unreadable);
    return ids.stream().map(id -> plan(id, rules, unreadable).shown()).collect(Collectors.toList());
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
    return write(
        author,
        reason,
        (batch, merged, held) -> {
          List<String> unreadable = new ArrayList<>();
          ReviewRules rules = requests.readRules(unreadable);
          wanted.forEach(id -> plan(id, rules, unreadable).addTo(batch, merged, held));
        });
  }

  /**
   * Settles a document that is {@link Standing#DELETED_AND_EDITED}, one way or the other. From then
   * on the database has what the fork wrote, and the document is {@link Standing#SAME}.
   *
   * @param author who does so
   * @return the document as taken; or as open, if it has several edits that are to be merged
   * @throws IllegalArgumentException if it is something else
   * @throws TransactionConflictException if the database is written to so fast that it cannot
   */
  public Merged settle(String document, Keep keep, String author, @Nullable String reason) {
    return write(
        author,
        reason,
        (batch, merged, held) ->
            plan(document, ReviewRules.NONE, List.of()).addTo(batch, keep, merged, held));
  }

  private interface Work {
    void add(WriteBatch batch, Merged merged, Map<String, Attachments.Held> held);
  }

  /** Writes what {@code work} adds, all of one look at the two databases. */
  private Merged write(String author, @Nullable String reason, Work work) {
    for (int attempt = 0; attempt < Database.TRANSACTION_ATTEMPTS; attempt++) {
      Merged merged = new Merged(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      WriteBatch batch = MergeRequests.by(author, reason);
      Map<String, Attachments.Held> held = new HashMap<>(); // bytes that are brought over
      try {
        work.add(batch, merged, held);
        if (batch.size() > 0) {
          requests.write(batch);
        }
        return merged;
      } catch (StaleRevisionException | MissingAttachmentException e) {
        // somebody wrote in between, here or in the fork: look again
      } finally {
        held.values().forEach(Attachments.Held::close);
      }
    }
    throw new TransactionConflictException(Database.TRANSACTION_ATTEMPTS);
  }

  /**
   * @param unreadable why the rules of the database cannot be read, if that is so
   */
  private Plan plan(String id, ReviewRules rules, List<String> unreadable) {
    return parent.inspect(
        id, here -> fork.inspect(id, there -> new Plan(here, there, rules, unreadable)));
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
    private final Map<String, Attachment> attachments = new TreeMap<>(); // of the merge
    private final List<RevisionId> live = new ArrayList<>(); // of both, in winner order
    private boolean deletes; // all that is live

    Plan(Inspection here, Inspection there, ReviewRules rules, List<String> unreadable) {
      id = here.id();
      RevisionTree joined = here.tree();
      for (Revision leaf : there.tree().leaves()) {
        if (!joined.get(leaf.id()).isPresent()) {
          Branch branch = branch(here, there, leaf);
          branches.add(branch);
          joined = joined.graft(branch.path(), 1).tree();
        }
      }
      joined.leaves().stream().filter(leaf -> !leaf.deleted()).map(Revision::id).forEach(live::add);
      Merging merging = new Merging(id, new Joined(joined, here, there));
      shown =
          shown(
              here,
              there,
              merging,
              open -> requests.preview(merging, open, rules, new ArrayList<>(unreadable)));
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
        Inspection here,
        Inspection there,
        Merging merging,
        Function<MergeRequest, Preview> previews) {
      Optional<Document> before = winner(here).filter(d -> !d.deleted());
      Optional<Document> after = winner(there).filter(d -> !d.deleted());
      Optional<Preview> preview = merging.open().map(previews);
      Standing standing = standing(here, there, preview);
      if (standing == Standing.MERGES) {
        merged = preview.map(p -> p.result().value()).orElse(null);
        preview.ifPresent(p -> attachments.putAll(merging.attachments(p.request())));
      }
      if (standing == Standing.DELETED_AND_EDITED && live.size() == 1) {
        Preview decided = previews.apply(merging.open(winners(here, there)));
        preview = Optional.of(decided);
        standing = decided.held().isEmpty() ? Standing.MERGES : standing;
        deletes = decided.held().isEmpty() && decided.result().value().isMissingNode();
      }
      return new ForkedDocument(id, standing, before, after, preview);
    }

    private Standing standing(Inspection here, Inspection there, Optional<Preview> preview) {
      if (branches.isEmpty()) {
        return Standing.SAME;
      }
      if (here.tree().leaves().isEmpty()) {
        return Standing.NEW;
      }
      boolean isForward =
          here.tree().leaves().stream().allMatch(leaf -> there.tree().get(leaf.id()).isPresent());
      if (!isForward && isDeleted(here) != isDeleted(there)) {
        return Standing.DELETED_AND_EDITED;
      }
      if (preview.isPresent()) {
        boolean isAll = preview.get().request().sides().size() == live.size(); // else some are open
        return preview.get().held().isEmpty() && isAll ? Standing.MERGES : Standing.OPEN;
      }
      return Standing.FORWARD;
    }

    /** The live one first. */
    private List<RevisionId> winners(Inspection here, Inspection there) {
      List<RevisionId> winners = new ArrayList<>();
      winner(here).ifPresent(document -> winners.add(document.revision()));
      winner(there)
          .ifPresent(document -> winners.add(isDeleted(here) ? 0 : 1, document.revision()));
      return winners;
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

    /** Brings the bytes of attachments over, and holds them. */
    void addTo(WriteBatch batch, Merged outcome, Map<String, Attachments.Held> held) {
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
      addBranches(batch, held);
      JsonNode value = merged;
      if (value != null) {
        MergeRequests.addMerge(
            shown.preview().map(Preview::request).orElseThrow(IllegalStateException::new),
            value,
            attachments,
            batch);
      } else if (deletes) {
        live.forEach(leaf -> batch.delete(id, leaf));
      }
    }

    void addTo(WriteBatch batch, Keep keep, Merged outcome, Map<String, Attachments.Held> held) {
      if (shown.standing() != Standing.DELETED_AND_EDITED) {
        throw new IllegalArgumentException(
            "nobody deleted what the other edited, it is " + shown.standing() + ": " + id);
      }
      boolean isOpen = keep == Keep.EDITED && live.size() > 1;
      (isOpen ? outcome.open() : outcome.taken()).add(id);
      addBranches(batch, held);
      if (keep == Keep.DELETED) {
        live.forEach(leaf -> batch.delete(id, leaf));
      }
    }

    private void addBranches(WriteBatch batch, Map<String, Attachments.Held> held) {
      for (Branch branch : branches) {
        Document document = branch.document();
        for (Attachment attachment : document.attachments().values()) {
          held.computeIfAbsent(
              attachment.sha256(), sha256 -> parent.attachments().copy(fork, attachment));
        }
        batch.graft(
            id, branch.path(), document.body(), document.attachments(), branch.provenances());
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
