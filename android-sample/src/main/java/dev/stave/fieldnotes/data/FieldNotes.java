package dev.stave.fieldnotes.data;

import android.os.Looper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.database.AttachmentUpload;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.HistoryEntry;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPointer;
import dev.stave.merge.MergePolicy;
import dev.stave.merge.MergeResult;
import dev.stave.merge.Resolution;
import dev.stave.merge.Side;
import dev.stave.merge.ThreeWayMerge;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.review.AutomaticMerging;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import dev.stave.revision.Provenance;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.watch.Watch;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The notes on this device: one database in the app's own folder. Everything is written here at
 * once, with or without a network.
 *
 * <p>Any thread may call any method, except the main one: each of them may wait for the disk, and
 * says so by an {@link IllegalStateException}.
 */
public final class FieldNotes implements AutoCloseable {

  /** A phone has less memory to give than a server. */
  private static final long MEMORY_BYTES = 16L << 20;

  private final Database database;
  private final MergeRequests requests;
  private final AutomaticMerging merging;
  private final Supplier<String> me;

  private FieldNotes(Database database, Supplier<String> me) {
    this.database = database;
    this.me = me;
    this.requests = MergeRequests.of(database);
    this.merging = AutomaticMerging.start(requests, (request, outcome) -> {});
  }

  /**
   * Opens the notes in {@code folder}, or begins some. What fits of two people's edits is merged by
   * itself from now on.
   *
   * @param me the name that edits are made by
   */
  public static FieldNotes open(File folder, Supplier<String> me) {
    requireBackground();
    DatabaseOptions options = DatabaseOptions.DEFAULT.withMemoryBytes(MEMORY_BYTES);
    return new FieldNotes(Database.open(folder.toPath(), options), me);
  }

  private static void requireBackground() {
    if (Looper.myLooper() == Looper.getMainLooper()) {
      throw new IllegalStateException("notes are on a disk: not on the main thread, please");
    }
  }

  /** For whoever keeps it in step with others. */
  public Database database() {
    return database;
  }

  // Reading

  /**
   * The sites that match, by name.
   *
   * @param words that name, place or kind has; none for all
   * @param condition null for any
   */
  public List<Site> sites(String words, @Nullable Condition condition) {
    requireBackground();
    Selector wanted = Selector.where("type").eq(Site.TYPE);
    if (condition != null) {
      wanted = wanted.and(Selector.where("condition").eq(condition.code()));
    }
    String sought = words.trim().toLowerCase(Locale.ROOT);
    return database.find(Query.of(wanted).sortBy("name")).stream()
        .map(Site::of)
        .filter(site -> sought.isEmpty() || isIn(sought, site.name(), site.place(), site.kind()))
        .collect(Collectors.toList());
  }

  private static boolean isIn(String sought, String... texts) {
    for (String text : texts) {
      if (text.toLowerCase(Locale.ROOT).contains(sought)) {
        return true;
      }
    }
    return false;
  }

  /** Every region that a site is in. */
  public Set<String> regions() {
    return sites("", null).stream()
        .map(Site::region)
        .filter(region -> !region.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  public Optional<Document> document(String id) {
    requireBackground();
    return database.get(id);
  }

  /** The visits to a site, newest first. */
  public List<Visit> visitsTo(String site) {
    requireBackground();
    Selector here = Selector.where("type").eq(Visit.TYPE).and(Selector.where("site").eq(site));
    return database.find(Query.of(here).sortByDescending("date")).stream()
        .map(Visit::of)
        .collect(Collectors.toList());
  }

  /** Calls {@code listener}, on a thread that must not be held up, when notes have changed. */
  public AutoCloseable whenChanged(Runnable listener) {
    requireBackground();
    Watch watch = database.watch(Selector.everything());
    listen(watch, listener);
    return watch;
  }

  private static void listen(Watch watch, Runnable listener) {
    watch.whenReady(
        () -> {
          try {
            while (watch.poll().isPresent()) {} // only that there was something matters
          } catch (IllegalStateException | StaveException e) {
            return; // closed
          }
          listener.run();
          listen(watch, listener);
        });
  }

  // Writing

  /** Notes a new site, and says its id. */
  public String add(Site site) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    site.writeTo(body);
    return add("site-", body);
  }

  /** Notes a new visit, and says its id. */
  public String add(Visit visit) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    visit.writeTo(body);
    return add("visit-", body);
  }

  private String add(String prefix, ObjectNode body) {
    requireBackground();
    String id = prefix + UUID.randomUUID();
    database.write(new WriteBatch().author(me.get()).put(id, JsonObject.of(body)));
    return id;
  }

  /** As {@link #save(Document, ObjectNode)}. */
  public Saved save(Site site) {
    ObjectNode body = known(site.document()).body().tree();
    site.writeTo(body);
    return save(known(site.document()), body);
  }

  /** As {@link #save(Document, ObjectNode)}. */
  public Saved save(Visit visit) {
    ObjectNode body = known(visit.document()).body().tree();
    visit.writeTo(body);
    return save(known(visit.document()), body);
  }

  private static Document known(@Nullable Document document) {
    if (document == null) {
      throw new IllegalArgumentException("this is new: add it");
    }
    return document;
  }

  /** What became of an edit. */
  public enum Saved {
    /** It is what the note says now, with what others wrote meanwhile. */
    DONE,
    /** Somebody wrote something else in the same place meanwhile. Both are kept, to be settled. */
    CONFLICT
  }

  /**
   * Saves what somebody made of {@code seen}, whatever came in while they were typing. What fits is
   * merged, and what does not is kept beside it: nobody's words are lost.
   */
  private Saved save(Document seen, ObjectNode wanted) {
    requireBackground();
    return database.transact(
                transaction -> {
                  transaction.author(me.get());
                  Document now = transaction.get(seen.id()).orElse(null);
                  if (now == null) {
                    transaction.put(seen.id(), JsonObject.of(wanted));
                    return Saved.DONE;
                  }
                  List<Side> sides = List.of(Side.of(now.body()), new Side(wanted, null, null));
                  MergeResult merged =
                      ThreeWayMerge.merge(seen.body().sharedTree(), sides, MergePolicy.NONE);
                  if (merged.isClean()) {
                    transaction.put(
                        seen.id(), now.revision(), merged.body().orElseThrow(AssertionError::new));
                    return Saved.DONE;
                  }
                  return null;
                })
            == null
        ? branch(seen, wanted)
        : Saved.DONE;
  }

  /** Adds the edit beside what was written meanwhile, as if it had been made on another device. */
  private Saved branch(Document seen, ObjectNode wanted) {
    JsonObject body = JsonObject.of(wanted);
    RevisionId edit =
        RevisionId.of(
            seen.revision(),
            false,
            body.sharedTree(),
            Attachment.identity(new TreeMap<>(seen.attachments())));
    List<RevisionId> path = new ArrayList<>(List.of(edit));
    for (Revision each : database.tree(seen.id()).path(seen.revision())) {
      path.add(each.id());
    }
    database.write(
        new WriteBatch()
            .graft(
                seen.id(),
                new RevisionPath(path, false),
                body,
                seen.attachments(),
                Map.of(edit, new Provenance(me.get(), null, null))));
    return Saved.CONFLICT;
  }

  // Photos

  /** Adds a photo to what {@code id} is now. Its bytes are streamed, whatever their number. */
  public void addPhoto(String id, InputStream photo) throws IOException {
    requireBackground();
    try (AttachmentUpload upload = database.attachments().store("image/jpeg", photo)) {
      Attachment stored = upload.finish();
      database.<@Nullable Object>transact(
          transaction -> {
            transaction.author(me.get());
            Document now = transaction.get(id).orElseThrow(() -> gone(id));
            Map<String, Attachment> all = new TreeMap<>(now.attachments());
            all.put("photo-" + UUID.randomUUID() + ".jpg", stored);
            transaction.put(id, now.revision(), now.body(), all);
            return null;
          });
    }
  }

  private static IllegalStateException gone(String id) {
    return new IllegalStateException("it was deleted meanwhile: " + id);
  }

  /** The bytes of a photo. Close it. */
  public InputStream photo(Attachment photo) {
    requireBackground();
    return database.attachments().open(photo);
  }

  // History

  /** Every version of a note that is kept, the newest first. */
  public List<HistoryEntry> history(String id) {
    requireBackground();
    return database.history(id).entries();
  }

  /** A note as it was; empty if that is not kept. */
  public Optional<Document> version(String id, RevisionId revision) {
    requireBackground();
    return database.get(id, revision);
  }

  /** Makes a note what it was once. What it is now stays in its history. */
  public void restore(String id, RevisionId revision) {
    requireBackground();
    database.history(id).restore(revision, me.get());
  }

  // Conflicts

  /** The ids of the notes that somebody has to settle. */
  public Set<String> conflicts() {
    requireBackground();
    Set<String> ids = new LinkedHashSet<>();
    database.forEachConflict(
        IdRange.ALL,
        id -> {
          ids.add(id);
          return true;
        });
    return ids;
  }

  /** What is to be settled of a note; empty if nothing is. */
  public Optional<Preview> conflict(String id) {
    requireBackground();
    return requests.openOf(id).map(requests::preview);
  }

  /**
   * Settles it: what fits is merged, and the rest is as chosen.
   *
   * @throws dev.stave.database.StaleRevisionException if somebody wrote meanwhile: look again
   */
  public void settle(MergeRequest request, Map<JsonPointer, Resolution> choices) {
    requireBackground();
    requests.merge(request, choices, me.get(), null);
  }

  /** Undoes the last settlement of a note, so that it is open again. */
  public void unsettle(String id) {
    requireBackground();
    requests.of(id).stream()
        .filter(each -> each.state() != MergeRequest.State.OPEN)
        .findFirst()
        .ifPresent(each -> requests.undo(each, me.get(), null));
  }

  @Override
  public void close() {
    merging.close();
    database.close();
  }
}
