package dev.stave.fieldnotes.data;

import android.os.Looper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.HistoryEntry;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.query.Query;
import dev.stave.query.Selector;
import dev.stave.review.AutomaticMerging;
import dev.stave.review.MergeRequests;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

  /** One note takes no more of it: what is larger comes from elsewhere, and is left there. */
  private static final int MOST_BYTES_OF_A_NOTE = 1 << 20;

  /** Stave's own default. */
  private static final int KEPT_REVISIONS = 1_000;

  /**
   * Each photo is a revision: with the few bodies that are kept by default, the photos of one visit
   * would leave nothing of what it said before, and nothing to merge by.
   */
  private static final int KEPT_BODIES = 200;

  private final Database database;
  private final Unsent unsent;
  private final Photos photos;
  private final Conflicts conflicts;
  private final AutomaticMerging merging;
  private final Supplier<String> me;
  private volatile boolean isOpen = true;

  private FieldNotes(Database database, Supplier<String> me) {
    this.database = database;
    this.me = me;
    this.unsent = new Unsent(database);
    this.photos = new Photos(database, unsent, me);
    MergeRequests requests = MergeRequests.of(database);
    this.conflicts = new Conflicts(database, requests, unsent, me);
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
    DatabaseOptions options =
        DatabaseOptions.DEFAULT
            .withMemoryBytes(MEMORY_BYTES)
            .withMaxDocumentBytes(MOST_BYTES_OF_A_NOTE)
            .withRetention(KEPT_REVISIONS, KEPT_BODIES);
    return new FieldNotes(Database.open(folder.toPath(), options), me);
  }

  static void requireBackground() {
    if (Looper.myLooper() == Looper.getMainLooper()) {
      throw new IllegalStateException("notes are on a disk: not on the main thread, please");
    }
  }

  /** For whoever keeps it in step with others. */
  public Database database() {
    return database;
  }

  public Photos photos() {
    return photos;
  }

  public Conflicts conflicts() {
    return conflicts;
  }

  public Unsent unsent() {
    return unsent;
  }

  // Reading

  /**
   * The sites that match, by name.
   *
   * @param words each of which name, place or kind has; none for all
   * @param condition null for any
   */
  public List<Site> sites(String words, @Nullable Condition condition) {
    requireBackground();
    return database.find(Query.of(SiteSearch.of(words, condition)).sortBy("name")).stream()
        .map(Site::of)
        .collect(Collectors.toList());
  }

  public boolean isAnySite() {
    requireBackground();
    return database.count(Selector.where("type").eq(Site.TYPE)) > 0;
  }

  /** As {@link #sites}, kept up to date. Close it. */
  public LiveSites watchSites(String words, @Nullable Condition condition) {
    requireBackground();
    return new LiveSites(database, SiteSearch.of(words, condition));
  }

  public Optional<Document> document(String id) {
    requireBackground();
    return database.get(id);
  }

  /** The visits to a site, newest first, and last those of which nobody noted when they were. */
  public List<Visit> visitsTo(String site) {
    requireBackground();
    return Regions.visitsTo(database, site).stream()
        .map(Visit::of)
        .sorted(Comparator.comparing(Visit::date).reversed())
        .collect(Collectors.toList());
  }

  /**
   * The visits whose site was deleted by somebody who did not know of them. Of a site that never
   * came here, or has left what is shared, nothing is known.
   */
  public List<Visit> strayVisits() {
    requireBackground();
    List<Visit> stray = new ArrayList<>();
    database.find(
        Query.of(Selector.where("type").eq(Visit.TYPE)),
        document -> {
          Visit visit = Visit.of(document);
          if (database.tree(visit.site()).winner().filter(Revision::deleted).isPresent()) {
            stray.add(visit);
          }
          return true;
        });
    return stray;
  }

  /**
   * Calls {@code listener} after each commit: of notes, of conflicts that come or go, of what the
   * server has. On the thread that commits, which must not be held up.
   */
  public ChangesFeed.Subscription whenChanged(Runnable listener) {
    requireBackground();
    return database.onCommit(sequence -> listener.run());
  }

  // Writing

  /** Who writes here. */
  public String me() {
    requireBackground();
    return me.get();
  }

  /** Notes a new site, and says its id. */
  public String add(Site site) {
    return add(Site.newId(), site);
  }

  /**
   * Notes a new site by an id of {@link Site#newId}, and says that. If it was noted already, what
   * is said of it here is an edit: so it may be tried again.
   */
  public String add(String id, Site site) {
    requireBackground();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    site.writeTo(body);
    return add(id, body);
  }

  /** Notes a new visit, and says its id. */
  public String add(Visit visit) {
    return add(Visit.newId(), visit);
  }

  /** As {@link #add(String, Site)}, by an id of {@link Visit#newId}. */
  public String add(String id, Visit visit) {
    requireBackground();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    visit.writeTo(body);
    return add(id, body);
  }

  private String add(String id, ObjectNode body) {
    Optional<Document> noted = firstVersion(id);
    if (noted.isPresent()) {
      save(noted.get(), noted.get().revision(), body, List.of());
    } else {
      WriteBatch batch = new WriteBatch().author(me.get()).put(id, JsonObject.of(body));
      unsent.writing(List.of(id), () -> database.write(batch));
    }
    return id;
  }

  private Optional<Document> firstVersion(String id) {
    List<HistoryEntry> kept = history(id);
    for (int i = kept.size() - 1; i >= 0; i--) {
      if (!kept.get(i).deleted() && kept.get(i).hasBody()) {
        return version(id, kept.get(i).revision());
      }
    }
    return Optional.empty();
  }

  /** What became of an edit. */
  public enum Saved {
    /** It is what the note says now, with what others wrote meanwhile. */
    DONE,
    /** Somebody wrote something else in the same place meanwhile. Both are kept, to be settled. */
    CONFLICT
  }

  /** Saves what was made of the site that was read. What others wrote meanwhile stays. */
  public Saved save(Site site) {
    requireBackground();
    return save(site, known(site.document()).revision());
  }

  /**
   * As {@link #save(Site)}, of a site that was typed over {@code seen}. If that is not the version
   * of {@code site}, since it is not kept any more, nobody can say what was changed: both are kept,
   * to be settled.
   */
  public Saved save(Site site, RevisionId seen) {
    requireBackground();
    ObjectNode body = known(site.document()).body().tree();
    site.writeTo(body);
    return save(known(site.document()), seen, body, visitsMovedBy(site));
  }

  /** As {@link #save(Site)}. */
  public Saved save(Visit visit) {
    requireBackground();
    return save(visit, known(visit.document()).revision());
  }

  /** As {@link #save(Site, RevisionId)}. */
  public Saved save(Visit visit, RevisionId seen) {
    requireBackground();
    ObjectNode body = known(visit.document()).body().tree();
    visit.writeTo(body);
    return save(known(visit.document()), seen, body, List.of());
  }

  /** The visits that go to another region with their site. */
  private List<String> visitsMovedBy(Site site) {
    Document before = known(site.document());
    return Site.of(before).region().equals(site.region())
        ? List.of()
        : Regions.ids(Regions.visitsTo(database, before.id()));
  }

  private Saved save(Document read, RevisionId seen, ObjectNode wanted, List<String> moved) {
    Saving saving = new Saving(database, me.get());
    List<String> all = new ArrayList<>(moved);
    all.add(read.id());
    return unsent.writing(
        all,
        () ->
            read.revision().equals(seen)
                ? saving.save(read, wanted, moved)
                : saving.beside(read, seen, wanted));
  }

  private static Document known(@Nullable Document document) {
    if (document == null) {
      throw new IllegalArgumentException("this is new: add it");
    }
    return document;
  }

  // Deleting

  /** Deletes a note, and a site's visits with it. Others' edits that are not here yet stay. */
  public Deleted delete(String id) {
    requireBackground();
    List<String> all = new ArrayList<>(List.of(id));
    visitsTo(id).forEach(visit -> all.add(known(visit.document()).id()));
    return unsent.writing(all, () -> Deleted.of(all, database, me.get()));
  }

  /**
   * Brings back what was deleted, all or none. What somebody brought back already stays as it is.
   */
  public void undelete(Deleted deleted) {
    requireBackground();
    unsent.writing(
        new ArrayList<>(deleted.notes().keySet()), () -> deleted.undo(database, me.get()));
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

  /** Makes a deleted note what it was last; does nothing if that is not kept. */
  public void bringBack(String id) {
    history(id).stream()
        .filter(entry -> !entry.deleted() && entry.hasBody())
        .findFirst()
        .ifPresent(last -> restore(id, last.revision()));
  }

  /** Makes a note what it was once. What it is now stays in its history. */
  public void restore(String id, RevisionId revision) {
    requireBackground();
    unsent.writing(List.of(id), () -> database.history(id).restore(revision, me.get()));
  }

  /** Whether it was not closed yet. */
  public boolean isOpen() {
    return isOpen;
  }

  @Override
  public void close() {
    requireBackground();
    isOpen = false;
    merging.close();
    database.close();
  }
}
