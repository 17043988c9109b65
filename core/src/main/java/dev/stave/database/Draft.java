package dev.stave.database;

import dev.stave.changes.Change;
import dev.stave.changes.ChangeLog;
import dev.stave.database.DocumentRows.Meta;
import dev.stave.database.DocumentRows.State;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.index.IndexDelta;
import dev.stave.json.JsonObject;
import dev.stave.revision.Graft;
import dev.stave.revision.HybridTime;
import dev.stave.revision.PinnedRevision;
import dev.stave.revision.Provenance;
import dev.stave.revision.Retention;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What edits would change, before anything is changed: the rows to write, and what the index is to
 * be told. Later edits see earlier ones. For one thread.
 *
 * <p>A draft may stand on another one, and is then merged into it or forgotten.
 */
final class Draft {

  /**
   * What is kept of histories, what the time is in milliseconds since 1970 UTC, and which bytes of
   * attachments somebody holds.
   */
  record Rules(Supplier<Retention> retention, LongSupplier systemMillis, Predicate<String> held) {
    static final Rules DEFAULT =
        new Rules(() -> Retention.DEFAULT, System::currentTimeMillis, blob -> false);
  }

  private final StorageSnapshot base;
  private final Rules rules;
  private final @Nullable Draft below;

  private Map<String, State> states = new HashMap<>();
  private final Map<String, RevisionTree> unsettled =
      new HashMap<>(); // what grew, as it was before
  private Map<Long, Document> bodies = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final List<IndexDelta> deltas = new ArrayList<>();
  private final Map<Edition, Optional<Provenance>> provenances = new HashMap<>(); // empty: it goes
  private final Map<Long, Together> togethers = new HashMap<>();
  private final @Nullable Together whole; // all of it is one transaction
  private @Nullable Together together; // of the edit at hand
  private final BlobCounts blobs;
  private Meta meta;
  private Pins pins;
  private @Nullable HybridTime clock; // null: nobody has asked
  private @Nullable PurgeRows purges; // null: nobody has asked
  private long bytes;

  /** Changes of one transaction: where it ends is known when all of them are drafted. */
  private static final class Together {
    private long last;
  }

  private record Edition(String id, RevisionId revision) {}

  /** A write to the batch, put off until it is known that the batch will be. */
  private interface Row {
    void writeTo(StorageBatch batch);
  }

  /** A draft on what {@code base} holds, which nobody will commit. */
  Draft(StorageSnapshot base, Predicate<String> held) {
    this(base, new Rules(Rules.DEFAULT.retention(), Rules.DEFAULT.systemMillis(), held), Pins.NONE);
  }

  /** A draft on what {@code base} holds. */
  Draft(StorageSnapshot base, Rules rules, Pins pins) {
    this.base = base;
    this.rules = rules;
    this.below = null;
    this.whole = null;
    this.blobs = BlobCounts.on(base, rules.held());
    this.meta = Meta.decode(base.get(DocumentRows.META));
    this.pins = pins;
  }

  private Draft(StorageSnapshot base, Rules rules, Meta meta, BlobCounts blobs) {
    this.base = base;
    this.rules = rules;
    this.below = null;
    this.whole = null;
    this.blobs = blobs;
    this.meta = meta;
    this.pins = Pins.NONE;
  }

  /** When this one is written: a draft on the same base, of documents that it did not change. */
  Draft next() {
    return new Draft(base, rules, meta, blobs.next());
  }

  /**
   * A draft on top of {@code below}, which must not change while this one does.
   *
   * @param isTransaction whether all its edits belong together
   */
  Draft(Draft below, boolean isTransaction) {
    this.whole = isTransaction ? new Together() : null;
    this.base = below.base;
    this.rules = below.rules;
    this.below = below;
    this.blobs = below.blobs.above();
    this.meta = below.meta;
    this.pins = below.pins;
    this.clock = below.clock;
    this.purges = below.purges;
  }

  /** Makes what this draft changes part of the one below it. This one is not used any more. */
  void mergeDown() {
    if (below == null) {
      throw new IllegalStateException("nothing is below this draft");
    }
    settle();
    below.states = with(below.states, states);
    below.bodies = with(below.bodies, bodies);
    below.rows.addAll(rows);
    below.deltas.addAll(deltas);
    below.provenances.putAll(provenances);
    below.blobs.addAll(blobs);
    below.meta = meta;
    below.pins = pins;
    below.clock = clock;
    below.purges = purges;
    below.bytes += bytes;
  }

  /** All of both. Mostly there is nothing below, and nothing to copy. */
  private static <K, V> Map<K, V> with(Map<K, V> below, Map<K, V> more) {
    if (below.isEmpty()) {
      return more;
    }
    below.putAll(more);
    return below;
  }

  /** The bodies to write, those that move included, in bytes. */
  long bytes() {
    return bytes;
  }

  StorageSnapshot base() {
    return base;
  }

  Meta meta() {
    return meta;
  }

  List<IndexDelta> deltas() {
    return deltas;
  }

  Pins pins() {
    return pins;
  }

  boolean isEmpty() {
    return rows.isEmpty() && states.isEmpty() && provenances.isEmpty();
  }

  /** Everything that is to be written, {@link Meta} included. */
  StorageBatch rows() {
    settle();
    StorageBatch batch = new StorageBatch();
    rows.forEach(row -> row.writeTo(batch));
    states.forEach((id, state) -> DocumentRows.putState(batch, id, state));
    provenances.forEach((edition, told) -> putProvenance(batch, edition, told));
    blobs.writeTo(batch);
    if (clock != null) {
      batch.put(ProvenanceRows.CLOCK, ProvenanceRows.encodeClock(clock));
    }
    batch.put(DocumentRows.META, meta.encode());
    return batch;
  }

  private static void putProvenance(
      StorageBatch batch, Edition edition, Optional<Provenance> told) {
    byte[] key = ProvenanceRows.key(edition.id(), edition.revision());
    if (told.isPresent()) {
      batch.put(key, ProvenanceRows.encode(told.get()));
    } else {
      batch.delete(key);
    }
  }

  /** The documents this draft changes. */
  Set<String> changed() {
    return states.keySet();
  }

  State state(String id) {
    for (Draft draft = this; draft != null; draft = draft.below) {
      State state = draft.states.get(id);
      if (state != null) {
        return state;
      }
    }
    return DocumentRows.state(id, base::get);
  }

  /** The live winner. */
  Optional<Document> get(String id) {
    return state(id)
        .tree()
        .winner()
        .filter(winner -> !winner.deleted())
        .map(winner -> document(winner.sequence()));
  }

  /** The body at {@code sequence}: what was there before, or what this draft adds. */
  Document document(long sequence) {
    for (Draft draft = this; draft != null; draft = draft.below) {
      Document document = draft.bodies.get(sequence);
      if (document != null) {
        return document;
      }
    }
    return DocumentRows.document(bodyRow(sequence));
  }

  private byte[] bodyRow(long sequence) {
    byte[] row = base.get(DocumentRows.bodyKey(sequence));
    if (row == null) {
      throw new IllegalStateException("no body at sequence " + sequence);
    }
    return row;
  }

  /** Takes a document back to a {@code tree} that it had before; an empty one if it was not yet. */
  void takeBack(String id, RevisionTree tree) {
    State now = state(id);
    forget(id, now.tree(), tree);
    if (tree.leaves().isEmpty()) {
      vanish(id, now);
    } else {
      change(id, now, tree, null);
    }
  }

  /** Takes out all that is left of a document but its bodies. */
  private void vanish(String id, State now) {
    Revision winner = winnerOf(now.tree());
    long sequence = meta.lastSequence() + 1;
    rows.add(
        batch -> {
          DocumentRows.putGone(batch, id, sequence);
          ChangeLog.remove(batch, now.changeSequence());
          ConflictRows.set(batch, id, false);
        });
    states.put(id, now.become(RevisionTree.EMPTY, 0));
    if (!winner.deleted() && !Document.isDesign(id)) {
      deltas.add(new IndexDelta(id, winner.sequence(), sequence, null));
    }
    meta =
        new Meta(
            sequence,
            meta.live() - (winner.deleted() ? 0 : 1),
            meta.deleted() - (winner.deleted() ? 1 : 0));
  }

  private WriteResult purge(Edit.Purge edit) {
    settle();
    String id = edit.id();
    State before = state(id);
    List<RevisionId> purged =
        edit.revisions().stream()
            .distinct()
            .filter(before.tree()::isLeaf)
            .collect(Collectors.toList());
    if (!purged.isEmpty()) {
      RevisionTree left = before.tree().purge(purged);
      forget(id, before.tree(), left);
      if (left.leaves().isEmpty()) {
        vanish(id, before);
      } else {
        unsettled.put(id, left); // what the leaves were at a pin is told without the purged ones
        change(id, before, left, null);
      }
      record(new Purge(purges().last() + 1, meta.lastSequence(), id, purged));
    }
    return new WriteResult.Purged(id, purged, purges().last());
  }

  private void record(Purge purge) {
    rows.add(batch -> PurgeRows.put(batch, purge));
    become(purges().after(purge));
  }

  private void become(PurgeRows now) {
    PurgeRows before = purges();
    rows.add(batch -> now.writeTo(batch, before));
    purges = now;
  }

  /** What is written down of purges, those of this draft included. */
  PurgeRows purges() {
    PurgeRows known = purges != null ? purges : PurgeRows.read(base);
    purges = known;
    return known;
  }

  /** Adds one edit to the draft, unless it is stale or brings nothing new. */
  WriteResult apply(Edit edit) {
    together = together(edit);
    if (edit instanceof Edit.Put put) {
      return put(put);
    }
    if (edit instanceof Edit.Graft graft) {
      return graft(graft);
    }
    if (edit instanceof Edit.Base base) {
      return base(base.document());
    }
    if (edit instanceof Edit.Local local) {
      return local(local);
    }
    if (edit instanceof Edit.Purge purge) {
      return purge(purge);
    }
    settle();
    if (edit instanceof Edit.Trim trim) {
      trim(trim.id());
    } else if (edit instanceof Edit.PurgeLimit limit) {
      become(purges().withLimit(limit.limit()));
    } else {
      pin(edit);
    }
    return new WriteResult.WrittenLocal(edit.id());
  }

  private @Nullable Together together(Edit edit) {
    return edit instanceof Edit.Graft graft && graft.together() != 0
        ? togethers.computeIfAbsent(graft.together(), number -> new Together())
        : whole;
  }

  private void pin(Edit edit) {
    byte[] key = Pins.key(edit.id());
    if (edit instanceof Edit.Pin pin) {
      long sequence = Math.min(pin.sequence(), meta.lastSequence());
      pins = pins.with(pin.id(), sequence);
      rows.add(batch -> batch.put(key, Pins.encode(sequence)));
    } else {
      pins = pins.without(edit.id());
      rows.add(batch -> batch.delete(key));
    }
  }

  private void trim(String id) {
    State state = state(id);
    RevisionTree tree = retained(state.tree(), state.tree());
    if (!tree.equals(state.tree())) {
      forget(id, state.tree(), tree);
      states.put(id, state.become(tree, state.changeSequence()));
    }
  }

  private WriteResult local(Edit.Local local) {
    byte[] key = DocumentRows.localKey(local.id());
    JsonObject body = local.body();
    rows.add(body == null ? batch -> batch.delete(key) : batch -> batch.put(key, body.bytes()));
    return new WriteResult.WrittenLocal(local.id());
  }

  private WriteResult put(Edit.Put put) {
    State state = state(put.id());
    RevisionTree tree = state.tree();
    RevisionId parent = put.parent();
    if (parent == null) {
      Optional<Revision> winner = tree.winner();
      if (winner.isPresent() && (put.deleted() || !winner.get().deleted())) {
        return new WriteResult.Stale(put.id(), null);
      }
      parent = winner.map(Revision::id).orElse(null); // a document that was deleted grows on
    } else if (!tree.isLeaf(parent) || (put.deleted() && isDeleted(tree, parent))) {
      return new WriteResult.Stale(put.id(), parent);
    }
    SortedMap<String, Attachment> attachments = attachments(put, tree, parent);
    Optional<String> missing = blobs.missing(attachments);
    if (missing.isPresent()) {
      return missing(put.id(), missing.get(), attachments);
    }
    boolean isAsNamed =
        Objects.equals(parent, put.parent())
            && (put.attachments() != null || attachments.isEmpty());
    RevisionId id =
        isAsNamed
            ? put.revision()
            : RevisionId.of(
                parent, put.deleted(), put.body().sharedTree(), Attachment.identity(attachments));
    Provenance provenance = put.provenance();
    if (provenance != null) {
      tell(put.id(), id, new Provenance(provenance.author(), tick(), provenance.reason()));
    }
    if (parent != null && tree.get(id).isPresent()) {
      return joinParent(put, state, id, parent);
    }
    long sequence = meta.lastSequence() + 1;
    RevisionTree grown = tree.extend(new Revision(id, parent, put.deleted(), sequence));
    Document document = new Document(put.id(), id, put.deleted(), put.body(), attachments);
    return new WriteResult.Written(put.id(), id, change(put.id(), state, grown, document));
  }

  /** What the edit says that it has, or what its parent has, and since when. */
  private SortedMap<String, Attachment> attachments(
      Edit.Put put, RevisionTree tree, @Nullable RevisionId parent) {
    SortedMap<String, Attachment> named = put.attachments();
    boolean isNone = named == null ? put.deleted() : named.isEmpty();
    if (isNone || !(named != null || blobs.isAny())) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, Attachment> before =
        Optional.ofNullable(parent)
            .flatMap(tree::get)
            .filter(revision -> revision.hasBody() && !revision.deleted())
            .map(revision -> document(revision.sequence()).attachments())
            .orElse(Collections.emptySortedMap());
    if (named == null) {
      return before;
    }
    int generation = parent == null ? 1 : parent.generation() + 1;
    SortedMap<String, Attachment> attachments = new TreeMap<>();
    named.forEach(
        (name, attachment) -> {
          Attachment known = before.get(name);
          boolean stays = known != null && attachment.isSame(known);
          attachments.put(name, stays ? known : attachment.withRevpos(generation));
        });
    return attachments;
  }

  private static WriteResult missing(
      String id, String name, SortedMap<String, Attachment> attachments) {
    return new WriteResult.MissingAttachment(
        id, name, Objects.requireNonNull(attachments.get(name)));
  }

  /** A peer made the very same edit, and sent it without saying of what: now that is known. */
  private WriteResult joinParent(Edit.Put put, State state, RevisionId id, RevisionId parent) {
    RevisionPath path = new RevisionPath(List.of(id, parent), put.deleted());
    RevisionTree joined = state.tree().graft(path, Revision.NO_BODY).tree();
    return new WriteResult.Written(put.id(), id, change(put.id(), state, joined, null));
  }

  private static boolean isDeleted(RevisionTree tree, RevisionId id) {
    return tree.get(id).filter(Revision::deleted).isPresent();
  }

  /** What is told of a revision, by this draft or before. */
  private Optional<Provenance> provenance(String id, RevisionId revision) {
    Edition edition = new Edition(id, revision);
    for (Draft draft = this; draft != null; draft = draft.below) {
      Optional<Provenance> told = draft.provenances.get(edition);
      if (told != null) {
        return told;
      }
    }
    return Optional.ofNullable(base.get(ProvenanceRows.key(id, revision)))
        .map(ProvenanceRows::decode);
  }

  private void tell(String id, RevisionId revision, Provenance told) {
    Optional<Provenance> known = provenance(id, revision);
    Provenance joined = known.map(told::and).orElse(told);
    if (!known.equals(Optional.of(joined))) {
      provenances.put(new Edition(id, revision), Optional.of(joined));
      bytes += ProvenanceRows.encode(joined).length;
    }
  }

  private HybridTime clock() {
    HybridTime known = clock;
    return known != null ? known : ProvenanceRows.decodeClock(base.get(ProvenanceRows.CLOCK));
  }

  private HybridTime tick() {
    HybridTime time = clock().next(rules.systemMillis().getAsLong());
    clock = time;
    return time;
  }

  private WriteResult graft(Edit.Graft edit) {
    WriteResult result = graftRevision(edit);
    edit.provenances()
        .forEach(
            (revision, told) -> {
              if (edit.path().ids().contains(revision)
                  && state(edit.id()).tree().get(revision).isPresent()) {
                tell(edit.id(), revision, told);
                HybridTime time = told.time();
                if (time != null) {
                  clock = clock().received(time, rules.systemMillis().getAsLong());
                }
              }
            });
    return result;
  }

  private WriteResult graftRevision(Edit.Graft edit) {
    State state = state(edit.id());
    RevisionId leaf = edit.path().leaf();
    Graft graft = state.tree().graft(edit.path(), meta.lastSequence() + 1);
    switch (graft.outcome()) {
      case ALREADY_KNOWN:
        return new WriteResult.AlreadyKnown(edit.id(), leaf);
      case ANCESTOR:
        change(edit.id(), state, graft.tree(), null); // two branches may have turned out to be one
        return new WriteResult.AlreadyKnown(edit.id(), leaf);
      default:
        Optional<String> missing = blobs.missing(edit.attachments());
        if (missing.isPresent()) {
          return missing(edit.id(), missing.get(), edit.attachments());
        }
        Document document =
            new Document(edit.id(), leaf, edit.path().deleted(), edit.body(), edit.attachments());
        long sequence = change(edit.id(), state, graft.tree(), document);
        return new WriteResult.Written(edit.id(), leaf, sequence);
    }
  }

  private WriteResult base(Document base) {
    State state = state(base.id());
    RevisionTree given =
        state.tree().withBase(base.revision(), base.deleted(), meta.lastSequence() + 1);
    RevisionTree kept = retained(state.tree(), given); // the retention may be another by now
    if (given == state.tree() || !kept.withBody(base.revision()).isPresent()) {
      return new WriteResult.AlreadyKnown(base.id(), base.revision());
    }
    Optional<String> missing = blobs.missing(base.attachments());
    if (missing.isPresent()) {
      return missing(base.id(), missing.get(), base.attachments());
    }
    long sequence = change(base.id(), state, given, base); // who follows may merge now
    return new WriteResult.Written(base.id(), base.revision(), sequence);
  }

  /**
   * Takes in a tree that grew, by a leaf whose body is at the next sequence, or with {@code added}
   * null by ancestry alone. Returns the sequence of the change.
   */
  private long change(String id, State before, RevisionTree grown, @Nullable Document added) {
    unsettled.putIfAbsent(id, before.tree());
    RevisionTree tree = grown;
    long sequence = meta.lastSequence() + 1;
    if (added != null) {
      putBody(sequence, added);
    }
    Optional<Revision> winnerBefore = before.tree().winner();
    Revision winner = winnerOf(tree);
    boolean sameWinner = winnerBefore.filter(w -> w.id().equals(winner.id())).isPresent();
    if (!sameWinner && (added == null || !winner.id().equals(added.revision()))) {
      sequence += added == null ? 0 : 1; // an older leaf wins now: a new version of the document
      tree = moveBody(tree, winner, sequence);
    }
    if (tree.hasConflicts() != before.tree().hasConflicts()) {
      boolean isOpen = tree.hasConflicts();
      rows.add(batch -> ConflictRows.set(batch, id, isOpen));
    }
    if (!sameWinner && !Document.isDesign(id)) {
      tellIndex(id, winnerBefore, winnerOf(tree), sequence);
    }
    meta = count(winnerBefore, winner, sequence);
    states.put(id, before.become(tree, sequence));
    move(before.changeSequence(), new Change(sequence, id, winner.id(), winner.deleted()));
    return sequence;
  }

  private void move(long before, Change change) {
    Together of = together;
    if (of == null) {
      rows.add(batch -> ChangeLog.move(batch, before, change));
      return;
    }
    of.last = change.sequence();
    rows.add(batch -> ChangeLog.move(batch, before, change.with(of.last)));
  }

  static Revision winnerOf(RevisionTree tree) {
    return tree.winner().orElseThrow(() -> new IllegalStateException("a tree without a leaf"));
  }

  private void putBody(long sequence, Document document) {
    bodies.put(sequence, document);
    blobs.count(document, 1);
    byte[] row = DocumentRows.body(document);
    bytes += row.length;
    rows.add(batch -> batch.put(DocumentRows.bodyKey(sequence), row));
  }

  private RevisionTree moveBody(RevisionTree tree, Revision revision, long to) {
    Document document = document(revision.sequence());
    putBody(to, document);
    blobs.count(document, -1);
    rows.add(batch -> batch.delete(DocumentRows.bodyKey(revision.sequence())));
    return tree.withBodyAt(revision.id(), to);
  }

  /**
   * Forgets what is not to be kept: once for all edits of a document, however many leaves it has.
   */
  private void settle() {
    unsettled.forEach(
        (id, before) -> {
          State grown = state(id);
          RevisionTree tree = retained(before, grown.tree());
          if (tree != grown.tree()) { // growing alone takes nothing away
            forget(id, grown.tree(), tree);
            states.put(id, grown.become(tree, grown.changeSequence()));
          }
        });
    unsettled.clear();
  }

  private RevisionTree retained(RevisionTree before, RevisionTree grown) {
    return grown.retain(before, rules.retention().get(), pins.sequences());
  }

  /** Deletes the rows of what {@code after} does not keep. */
  private void forget(String id, RevisionTree before, RevisionTree after) {
    Set<Long> kept = new HashSet<>();
    forEachBody(after, kept::add);
    forEachBody(
        before,
        sequence -> {
          if (!kept.contains(sequence)) {
            if (blobs.isAny()) {
              blobs.count(document(sequence), -1);
            }
            rows.add(batch -> batch.delete(DocumentRows.bodyKey(sequence)));
          }
        });
    for (RevisionId gone : before.without(after)) {
      if (provenance(id, gone).isPresent()) {
        provenances.put(new Edition(id, gone), Optional.empty());
      }
    }
  }

  private static void forEachBody(RevisionTree tree, LongConsumer visitor) {
    for (Revision revision : tree.youngRevisions()) {
      if (revision.hasBody()) {
        visitor.accept(revision.sequence());
      }
    }
    for (PinnedRevision pinned : tree.pinned()) {
      if (pinned.revision().hasBody()) {
        visitor.accept(pinned.revision().sequence());
      }
    }
  }

  private void tellIndex(
      String id, Optional<Revision> before, Revision winner, long changeSequence) {
    long ended = before.filter(w -> !w.deleted()).map(Revision::sequence).orElse(0L);
    if (!winner.deleted()) {
      JsonObject body = document(winner.sequence()).body();
      deltas.add(new IndexDelta(id, ended, winner.sequence(), body.sharedTree()));
    } else if (ended != 0) {
      deltas.add(new IndexDelta(id, ended, changeSequence, null));
    }
  }

  private Meta count(Optional<Revision> before, Revision winner, long lastSequence) {
    long live = meta.live();
    long deleted = meta.deleted();
    if (before.isPresent()) {
      live -= before.get().deleted() ? 0 : 1;
      deleted -= before.get().deleted() ? 1 : 0;
    }
    return new Meta(
        lastSequence, live + (winner.deleted() ? 0 : 1), deleted + (winner.deleted() ? 1 : 0));
  }
}
