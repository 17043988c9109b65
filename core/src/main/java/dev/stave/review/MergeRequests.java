package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.StaleRevisionException;
import dev.stave.database.WriteBatch;
import dev.stave.database.WriteCheck;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.merge.InvalidMergePolicyException;
import dev.stave.merge.MergeFunction;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.Resolution;
import dev.stave.query.Selector;
import dev.stave.review.Comment.Verdict;
import dev.stave.review.MergeRequest.State;
import dev.stave.revision.Provenance;
import dev.stave.revision.RevisionId;
import dev.stave.validation.RefusedDocumentException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conflicts of a database as merge requests: what the branches of a document changed, what fits
 * by itself, what is settled by policy or by a person, and what others said of it. Any thread may
 * call any method.
 *
 * <pre>{@code
 * MergeRequests requests = MergeRequests.of(orders);
 * for (MergeRequest request : requests.open()) {
 *   Preview preview = requests.preview(request);
 *   if (preview.result().isClean()) {
 *     requests.merge(request, Map.of(), "alice", "both are right");
 *   }
 * }
 * }</pre>
 *
 * <p>A merge is one atomic batch: a child of the winner, and on each other branch a tombstone that
 * names it. Peers that merge the same branches into the same make the same revisions, so that none
 * of them has to undo what another did. The rules are in {@code spec/format/merge-requests.md}.
 */
public final class MergeRequests {

  /** The longest comment, in bytes of UTF-8. */
  public static final int MAX_TEXT_BYTES = 64 << 10;

  private final Database database;
  private final Comments comments;
  private final Map<String, MergeFunction> functions;
  private final WriteCheck check;

  private MergeRequests(Database database, Map<String, MergeFunction> functions, WriteCheck check) {
    this.database = database;
    this.comments = new Comments(this);
    this.functions = Map.copyOf(functions);
    this.check = check;
  }

  /** Those of {@code database}. */
  public static MergeRequests of(Database database) {
    return new MergeRequests(database, Map.of(), WriteCheck.NONE);
  }

  /** The same with the user's own functions, by the names that a policy calls them. */
  public MergeRequests with(Map<String, MergeFunction> own) {
    return new MergeRequests(database, own, check);
  }

  /** The same, for somebody who may write what passes {@code wanted}, merges and comments too. */
  public MergeRequests checkedBy(WriteCheck wanted) {
    return new MergeRequests(database, functions, wanted);
  }

  // The rules

  /**
   * How conflicts are settled here; {@link ReviewRules#NONE} if nobody has said so.
   *
   * @throws InvalidMergePolicyException if the document that says so says something else
   */
  public ReviewRules rules() {
    return database
        .get(ReviewRules.DOCUMENT)
        .map(document -> ReviewRules.of(document.body()))
        .orElse(ReviewRules.NONE);
  }

  /** Sets how conflicts are settled, here and on all peers that replicate with this database. */
  public void setRules(ReviewRules rules) {
    database.transact(
        transaction -> {
          RevisionId old =
              transaction.get(ReviewRules.DOCUMENT).map(Document::revision).orElse(null);
          check.check(ReviewRules.DOCUMENT, old, false, rules.toJson());
          return old == null
              ? transaction.put(ReviewRules.DOCUMENT, rules.toJson())
              : transaction.put(ReviewRules.DOCUMENT, old, rules.toJson());
        });
  }

  // Looking

  /** All that are open, in the order of their documents' ids. */
  public List<MergeRequest> open() {
    List<MergeRequest> open = new ArrayList<>();
    forEachOpen(IdRange.ALL, open::add);
    return open;
  }

  /** Hands over the open ones of documents in {@code range}, until {@code visitor} says false. */
  public void forEachOpen(IdRange range, Predicate<MergeRequest> visitor) {
    database.forEachConflict(range, document -> openOf(document).map(visitor::test).orElse(true));
  }

  /** Those open ones of which the winner matches {@code selector}. */
  public List<MergeRequest> open(Selector selector) {
    List<MergeRequest> open = new ArrayList<>();
    database.forEachConflict(
        IdRange.ALL,
        id -> {
          Optional<Document> winner = database.get(id);
          if (winner.filter(w -> selector.matches(id, w.body().sharedTree())).isPresent()) {
            openOf(id).ifPresent(open::add);
          }
          return true;
        });
    return open;
  }

  /** How many are open. */
  public long count() {
    long[] count = new long[1];
    database.forEachConflict(IdRange.ALL, id -> ++count[0] > 0);
    return count[0];
  }

  /**
   * What a fork of this database would bring back.
   *
   * @param fork an open one, which stays open
   * @throws IllegalArgumentException if it is no fork of this database
   */
  public ForkRequest fork(Database fork) {
    return new ForkRequest(this, fork);
  }

  /** The open one of a document; empty if it has no conflict. */
  public Optional<MergeRequest> openOf(String document) {
    return merging(document, Merging::open);
  }

  /** All of a document, as far as its history is kept: the open one first, then the newest. */
  public List<MergeRequest> of(String document) {
    return merging(
        document,
        merging -> {
          List<MergeRequest> all = new ArrayList<>();
          merging.open().ifPresent(all::add);
          all.addAll(merging.settled());
          return all;
        });
  }

  /** That with {@link MergeRequest#id}; empty if there is none, or its history is not kept. */
  public Optional<MergeRequest> get(String id) {
    int at = id.lastIndexOf('@');
    if (at < 1) {
      return Optional.empty();
    }
    return of(id.substring(0, at)).stream().filter(r -> r.id().equals(id)).findFirst();
  }

  /**
   * Tells {@code listener} of all that are open, and then of each that opens, gets other sides or
   * is settled, on a thread of its own; what it throws ends the watch.
   */
  public MergeRequestWatch watch(Consumer<MergeRequest> listener) {
    return new MergeRequestWatch(this, listener);
  }

  /**
   * What merging would come to by the rules of this database. If those cannot be read, it is by
   * none, and held.
   *
   * @throws IllegalStateException if the body of a side is not kept
   */
  public Preview preview(MergeRequest request) {
    List<String> held = new ArrayList<>();
    return preview(request, readRules(held), held);
  }

  /**
   * What merging would come to by another policy. To settle it so, hand over what it came to:
   * {@link #merge(MergeRequest, JsonObject, String, String)}.
   *
   * @throws IllegalStateException if the body of a side is not kept
   */
  public Preview preview(MergeRequest request, MergePolicy policy) {
    List<String> held = new ArrayList<>();
    return preview(request, new ReviewRules(policy, readRules(held).reviews()), held);
  }

  private Preview preview(MergeRequest request, ReviewRules rules, List<String> held) {
    return merging(
        request.document(),
        merging -> {
          if (request.state() == State.OPEN && !merging.isCurrent(request)) {
            held.add("it was changed since: read it again");
          }
          return preview(merging, request, rules, held);
        });
  }

  ReviewRules readRules(List<String> held) {
    try {
      return rules();
    } catch (StaveException e) {
      held.add("the rules cannot be read: " + e.getMessage());
      return ReviewRules.NONE;
    }
  }

  Preview preview(Merging merging, MergeRequest request, ReviewRules rules, List<String> held) {
    Preview preview = merging.preview(request, rules.policy(), functions(held), List.of());
    if (request.state() != State.OPEN) {
      held.add("it is settled");
    }
    if (!preview.result().isClean()) {
      held.add("there are clashes");
    }
    if (!preview.isBaseKept()) {
      held.add("the body of the base is not kept here");
    }
    held.addAll(merging.decidedBefore(request));
    held.addAll(refusals(request, preview.result().value()));
    held.addAll(comments.missingReviews(preview, rules.reviews()));
    return new Preview(
        request, preview.base(), preview.isBaseKept(), preview.sides(), preview.result(), held);
  }

  /** The user's own functions; those that fail add to {@code held} why. */
  Map<String, MergeFunction> functions(List<String> held) {
    Map<String, MergeFunction> guarded = new HashMap<>();
    functions.forEach((name, function) -> guarded.put(name, guarded(name, function, held)));
    return guarded;
  }

  /** A function that fails leaves its place to a person, as one does that has no answer. */
  private static MergeFunction guarded(String name, MergeFunction function, List<String> held) {
    return (path, base, sides) -> {
      try {
        return function
            .merge(path, base, sides)
            .map(v -> v.isMissingNode() ? v : JsonObject.copyOf(v));
      } catch (RuntimeException e) {
        held.add("function " + name + " failed at " + path + ": " + e);
        return Optional.empty();
      }
    };
  }

  /** What the database's validators have against it. */
  private List<String> refusals(MergeRequest request, JsonNode merged) {
    if (!(merged instanceof ObjectNode object)) {
      return List.of();
    }
    RevisionId winner = request.sides().get(0);
    Document document = new Document(request.document(), winner, false, JsonObject.of(object));
    try {
      return database.validate(document).stream()
          .map(problem -> "it is refused at \"" + problem.place() + "\": " + problem.message())
          .collect(Collectors.toList());
    } catch (RuntimeException e) {
      return List.of("a validator failed: " + e); // one of the user's own
    }
  }

  /** Whether all of its sides are live leaves still: nobody edited it, or settled it. */
  private boolean isCurrent(MergeRequest request) {
    return merging(request.document(), merging -> merging.isCurrent(request));
  }

  private <T extends @Nullable Object> T merging(String document, Function<Merging, T> work) {
    return database.inspect(document, inspection -> work.apply(Merging.of(inspection)));
  }

  // Settling

  /**
   * Merges by the rules of this database what fits by them; else says why a person has to look.
   *
   * @param request an open one, as it was read
   */
  public MergeOutcome mergeByPolicy(MergeRequest request) {
    return mergeBy(request, () -> preview(request));
  }

  /**
   * As {@link #mergeByPolicy(MergeRequest)}, by another policy than that of the rules. What the
   * rules want reviewed waits all the same.
   */
  public MergeOutcome mergeByPolicy(MergeRequest request, MergePolicy policy) {
    return mergeBy(request, () -> preview(request, policy));
  }

  private MergeOutcome mergeBy(MergeRequest request, Supplier<Preview> look) {
    if (!isCurrent(request)) {
      return new MergeOutcome.Outdated();
    }
    Preview preview = look.get();
    if (!preview.held().isEmpty()) {
      return new MergeOutcome.Held(preview.held());
    }
    try {
      return new MergeOutcome.Merged(write(request, preview.result().value(), new WriteBatch()));
    } catch (StaleRevisionException e) {
      return new MergeOutcome.Outdated();
    } catch (InvalidDocumentException | RefusedDocumentException e) {
      return new MergeOutcome.Held(List.of("what it merges into is refused: " + e.getMessage()));
    }
  }

  /**
   * Merges as somebody has decided.
   *
   * @param request an open one, as it was read and looked at
   * @param choices one for each clash, by its place; none if there is no clash
   * @return the merge
   * @throws StaleRevisionException if the document was changed since {@code request} was read:
   *     nothing is written, read it again
   * @throws IllegalArgumentException if a clash has no choice, or a choice no clash; or if one
   *     takes the base, and its body is not kept here: take a side, or put a value
   * @throws dev.stave.revision.InvalidProvenanceException if author or reason may not be one
   */
  public RevisionId merge(
      MergeRequest request,
      Map<JsonPointer, Resolution> choices,
      String author,
      @Nullable String reason) {
    return merge(request, choices, author, reason, new WriteBatch());
  }

  /**
   * As {@link #merge(MergeRequest, Map, String, String)}, in one commit with what has to come about
   * with it: all of that is written, or nothing.
   *
   * @param more changes of other documents, by the same author; not to be used again
   */
  public RevisionId merge(
      MergeRequest request,
      Map<JsonPointer, Resolution> choices,
      String author,
      @Nullable String reason,
      WriteBatch more) {
    Preview preview = preview(request);
    choices.forEach(
        (place, choice) -> {
          if (choice instanceof Resolution.TakeBase && !preview.isBaseKept()) {
            throw new IllegalArgumentException(
                "the body of the base is not kept here, take a side or put a value at \""
                    + place
                    + "\"");
          }
        });
    return write(request, preview.result().resolve(choices), by(author, reason, more));
  }

  /**
   * Merges into what somebody wrote themselves, whatever the sides and the policy say.
   *
   * @param request an open one, as it was read and looked at
   * @return the merge
   * @throws StaleRevisionException if the document was changed since {@code request} was read:
   *     nothing is written, read it again
   * @throws InvalidDocumentException if {@code merged} may not be a document
   */
  public RevisionId merge(
      MergeRequest request, JsonObject merged, String author, @Nullable String reason) {
    return write(request, merged.sharedTree(), by(author, reason));
  }

  static WriteBatch by(String author, @Nullable String reason) {
    return by(author, reason, new WriteBatch());
  }

  /** Without an author it would be a merge by policy. */
  private static WriteBatch by(String author, @Nullable String reason, WriteBatch batch) {
    Objects.requireNonNull(author, "a person who settles something has a name: author");
    return batch.author(author).reason(reason);
  }

  private RevisionId write(MergeRequest request, JsonNode merged, WriteBatch batch) {
    Map<String, Attachment> attachments =
        merging(request.document(), merging -> merging.attachments(request));
    RevisionId merge = addMerge(request, merged, attachments, batch);
    write(batch);
    return merge;
  }

  /** Adds what merges the sides of {@code request} into {@code merged}. Returns the merge. */
  static RevisionId addMerge(
      MergeRequest request,
      JsonNode merged,
      Map<String, Attachment> attachments,
      WriteBatch batch) {
    String id = request.document();
    RevisionId winner = request.sides().get(0);
    List<RevisionId> others = request.sides().subList(1, request.sides().size());
    boolean deletes = merged.isMissingNode();
    JsonObject body = deletes ? JsonObject.parse("{}") : JsonObject.of(objectOf(id, merged));
    Map<String, Attachment> kept = deletes ? Map.of() : attachments;
    RevisionId merge = batch.merge(id, winner, others, deletes, body, kept);
    for (RevisionId side : others) {
      batch.delete(id, side, Closing.mergedInto(merge));
    }
    return merge;
  }

  private static ObjectNode objectOf(String id, JsonNode merged) {
    if (merged instanceof ObjectNode object) {
      return object;
    }
    throw new InvalidDocumentException("a document is a JSON object", "id", id);
  }

  /**
   * Keeps one side as it is, and closes the others without merging them.
   *
   * @param keep one of the request's sides
   * @throws StaleRevisionException if the document was changed since {@code request} was read
   * @throws IllegalArgumentException if {@code keep} is no side of it
   */
  public void close(MergeRequest request, RevisionId keep, String author, @Nullable String reason) {
    if (!request.sides().contains(keep)) {
      throw new IllegalArgumentException(keep + " is no side of " + request.id());
    }
    WriteBatch batch = by(author, reason);
    for (RevisionId side : request.sides()) {
      if (!side.equals(keep)) {
        batch.delete(request.document(), side, Closing.closedFor(keep));
      }
    }
    write(batch);
  }

  /**
   * Undoes a merge, or a closing: by new revisions, so that all sides are as they were, and the
   * request is open again. It is not merged by policy then.
   *
   * @param request a settled one
   * @return the open one; empty if no conflict came back, since the side that was kept is deleted
   * @throws StaleRevisionException if the result was written over: restore a revision instead, see
   *     {@link Database#history}
   * @throws IllegalArgumentException if it is open
   * @throws IllegalStateException if the body of a side is not kept any more, or it was undone
   */
  public Optional<MergeRequest> undo(MergeRequest request, String author, @Nullable String reason) {
    RevisionId result = request.result();
    if (result == null) {
      throw new IllegalArgumentException("there is nothing to undo, it is open: " + request.id());
    }
    WriteBatch batch = by(author, reason);
    boolean any =
        database.inspect(
            request.document(),
            document -> {
              Merging merging = Merging.of(document);
              Provenance by = new Provenance(author, null, reason);
              return new Undoing(batch, document, by).undo(request, result, merging);
            });
    if (!any) {
      throw new IllegalStateException("it was undone before: " + request.id());
    }
    write(batch);
    return openOf(request.document());
  }

  // Talking

  /** Says something of a request. */
  public Comment comment(MergeRequest request, String author, String text) {
    return say(request, author, text, null, null);
  }

  /**
   * Approves of a request as it stands, or asks for changes. It counts for these sides: when one is
   * edited, it is to be looked at again. Of one author the last word counts.
   *
   * @param role in which it is said, see {@link ReviewRules.Required}; null for none
   */
  public Comment review(
      MergeRequest request, String author, @Nullable String role, Verdict verdict, String text) {
    return say(request, author, text, verdict, role);
  }

  private Comment say(
      MergeRequest request,
      String author,
      String text,
      @Nullable Verdict verdict,
      @Nullable String role) {
    return comments.say(
        new Comment(
            request.id(),
            request.document(),
            author,
            Instant.now(),
            text,
            verdict,
            role,
            request.sides()));
  }

  /** What was said of a request, the first word first. */
  public List<Comment> comments(MergeRequest request) {
    return comments.of(request);
  }

  Database database() {
    return database;
  }

  /** The only way by which anything is written for a person. */
  void write(WriteBatch batch) {
    batch.checkBy(check);
    database.write(batch);
  }
}
