package dev.stave.database;

import dev.stave.StaveException;
import dev.stave.bytes.ByteReader;
import dev.stave.bytes.ByteWriter;
import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Committer.Mode;
import dev.stave.database.DocumentRows.Meta;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.index.PathIndex;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.policy.IndexPolicy;
import dev.stave.query.Bookmark;
import dev.stave.query.Explanation;
import dev.stave.query.Group;
import dev.stave.query.Grouping;
import dev.stave.query.KindShapes;
import dev.stave.query.Query;
import dev.stave.query.QueryEngine;
import dev.stave.query.QueryLimits;
import dev.stave.query.Selector;
import dev.stave.query.Shape;
import dev.stave.revision.Retention;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionTree;
import dev.stave.storage.FileStorage;
import dev.stave.storage.MemoryStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import dev.stave.storage.StorageSnapshot;
import dev.stave.storage.StorageStats;
import dev.stave.validation.DocumentSchema;
import dev.stave.validation.Problem;
import dev.stave.validation.RefusedDocumentException;
import dev.stave.validation.SchemaRules;
import dev.stave.watch.Watch;
import dev.stave.watch.Watches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A set of JSON documents, each with the history of its edits, every path of them indexed.
 *
 * <p>Any thread may call any method. A write is durable when its method returns, and every read
 * that begins later sees it; reads never wait for writes. Documents and queries are values: they do
 * not follow what is written later.
 *
 * <pre>{@code
 * try (Database orders = Database.open(Path.of("orders"))) {
 *   RevisionId first = orders.put("o-1", JsonObject.parse("{\"city\": \"Paris\"}"));
 *   orders.put("o-1", first, JsonObject.parse("{\"city\": \"Lyon\"}"));
 *   List<Document> found = orders.find(Query.where("{\"city\": \"Lyon\"}"));
 * }
 * }</pre>
 */
public final class Database implements AutoCloseable {

  /** A transaction that conflicts is tried so often. */
  public static final int TRANSACTION_ATTEMPTS = 100;

  private final Storage storage;
  private final DatabaseOptions options;
  private final PathIndex index;
  private final ChangesFeed feed = new ChangesFeed();
  private final Watches watches = new Watches();
  private final Committer committer;
  private final DocumentChecks checks;
  private final String uuid;
  private final Forks forks;
  private final Blobs blobs;
  private final Purges purges = new Purges(this);
  private final String instance = Instances.next();
  private volatile Retention retention;
  private final Attachments attachments;
  private final Seeds seeds;

  private Database(
      Storage storage,
      DatabaseOptions options,
      long indexBytes,
      LongSupplier systemMillis,
      @Nullable ForkPlace forkPlace,
      PathIndex.@Nullable Memory known) {
    this.storage = storage;
    this.options = options;
    this.uuid = knownOrNewUuid(storage);
    ConflictRows.complete(storage);
    this.retention = RetentionRow.read(storage);
    if (options.retention() != null && !options.retention().equals(retention)) {
      this.retention = RetentionRow.write(storage, options.retention());
    }
    this.index = openIndex(indexBytes, known);
    forgetGone();
    if (index.isOfAnotherPolicy()) {
      index.rebuildLater(this::forEachIndexed);
    }
    this.blobs = new Blobs(storage);
    Draft.Rules rules = new Draft.Rules(this::retention, systemMillis, blobs::isHeld);
    this.committer = new Committer(storage, index, watches, feed, rules);
    this.attachments = new Attachments(this, blobs, committer);
    this.checks = new DocumentChecks(options.validators(), this::view, committer::schemaChanges);
    this.forks =
        new Forks(
            forkPlace,
            this,
            index,
            committer,
            rules,
            (fork, place, memory) ->
                opened(fork, options, indexBytes, systemMillis, place, memory));
    this.seeds = new Seeds(this, storage, systemMillis, this::exchange);
  }

  private boolean exchange(Path folder, String localId, JsonObject local) {
    return committer.begin(
        () ->
            files()
                .replaceBy(
                    folder,
                    (own, theirs) -> {
                      StorageBatch kept = SeedRows.kept(own, theirs);
                      if (kept != null) {
                        kept.put(DocumentRows.localKey(localId), local.bytes());
                      }
                      return kept;
                    }));
  }

  private PathIndex openIndex(long memoryBytes, PathIndex.@Nullable Memory known) {
    try (View view = view()) {
      long last = view.meta().lastSequence();
      PathIndex opened =
          known == null
              ? PathIndex.open(storage.tables(), memoryBytes, last)
              : PathIndex.open(storage.tables(), memoryBytes, last, known);
      boolean isUpToDate = false;
      try {
        IndexPolicy policy = view.indexPolicy();
        IndexPolicy wanted = options.indexPolicy();
        if (wanted != null && !wanted.equals(policy)) {
          storePolicy(wanted);
        }
        opened.setPolicy(wanted == null ? policy : wanted);
        if (known == null || !opened.isUpTo(last)) {
          CatchUp.run(opened, view);
        }
        isUpToDate = true;
        return opened;
      } finally {
        if (!isUpToDate) {
          opened.close();
        }
      }
    }
  }

  private static String knownOrNewUuid(Storage storage) {
    try (StorageSnapshot snapshot = storage.snapshot()) {
      byte[] known = snapshot.get(DocumentRows.UUID);
      if (known != null) {
        return new ByteReader(known).text();
      }
    }
    return giveUuid(storage);
  }

  static String giveUuid(Storage storage) {
    String made = UUID.randomUUID().toString();
    storage.commit(uuidRow(made));
    return made;
  }

  static StorageBatch newUuid() {
    return uuidRow(UUID.randomUUID().toString());
  }

  private static StorageBatch uuidRow(String uuid) {
    StorageBatch batch = new StorageBatch();
    batch.put(DocumentRows.UUID, new ByteWriter().text(uuid).toBytes());
    return batch;
  }

  /**
   * Opens the database in {@code folder}, or makes one if the folder is new or empty.
   *
   * @throws dev.stave.storage.StorageException if the folder is open elsewhere, is something else,
   *     or cannot be written
   * @throws dev.stave.storage.CorruptStaveException if a file in it is damaged
   */
  public static Database open(Path folder) {
    return open(folder, DatabaseOptions.DEFAULT);
  }

  /** As {@link #open(Path)}. */
  public static Database open(Path folder, DatabaseOptions options) {
    return opened(
        FileStorage.open(folder, options.rowStorage()), options, options.indexMemoryBytes());
  }

  /** A database that is gone when it is closed. */
  public static Database inMemory() {
    DatabaseOptions options = DatabaseOptions.DEFAULT;
    return opened(new MemoryStorage(), options, options.indexMemoryBytes());
  }

  /** For tests also, that want many tables of the index out of few documents. */
  static Database opened(Storage storage, DatabaseOptions options, long indexBytes) {
    return opened(storage, options, indexBytes, System::currentTimeMillis);
  }

  /** For tests also, that want a clock of their own. */
  static Database opened(
      Storage storage, DatabaseOptions options, long indexBytes, LongSupplier systemMillis) {
    @Nullable ForkPlace forks =
        storage instanceof FileStorage files
            ? new ForkFolders(files, options.rowStorage())
            : storage instanceof MemoryStorage memory ? new ForksInMemory(memory) : null;
    return opened(storage, options, indexBytes, systemMillis, forks, null);
  }

  /** For tests also, that keep forks in a place of their own. */
  static Database opened(
      Storage storage,
      DatabaseOptions options,
      long indexBytes,
      LongSupplier systemMillis,
      @Nullable ForkPlace forks,
      PathIndex.@Nullable Memory index) {
    try {
      return new Database(storage, options, indexBytes, systemMillis, forks, index);
    } catch (RuntimeException | Error e) {
      storage.close();
      throw e;
    }
  }

  View view() {
    return new View(storage.snapshot());
  }

  // Reading

  /** The document's winner; empty if there is none, or it is deleted. */
  public Optional<Document> get(String id) {
    Document.checkId(id);
    try (View view = view()) {
      return view.get(id);
    }
  }

  /** One revision of a document, whatever became of it; empty if it, or its body, is not kept. */
  public Optional<Document> get(String id, RevisionId revision) {
    Document.checkId(id);
    try (View view = view()) {
      return view.get(id, revision);
    }
  }

  /** The history of a document as far as it is kept; an empty tree if there is none. */
  public RevisionTree tree(String id) {
    Document.checkId(id);
    try (View view = view()) {
      return view.state(id).tree().loaded(); // it may be used when the view is closed
    }
  }

  /** Every revision of a document that is kept, who made it and why; and how to restore one. */
  public History history(String id) {
    return new History(this, Document.checkId(id));
  }

  /** Removes leaves of documents for good, as if they had never been: {@link Purges#purge}. */
  public PurgeResult purge(Map<String, ? extends Collection<RevisionId>> leaves) {
    return purges.purge(leaves);
  }

  /** What was purged, and how much of that is written down. */
  public Purges purges() {
    return purges;
  }

  DatabasePins pins() {
    return new DatabasePins(this);
  }

  /** The documents that match, in the order the query says. */
  public List<Document> find(Query query) {
    List<Document> found = new ArrayList<>();
    find(query, found::add);
    return found;
  }

  /**
   * As {@link #find(Query)}, but hands the documents over one by one, so that an answer may be
   * larger than memory: all as of one commit, until {@code visitor} says false.
   *
   * @throws dev.stave.query.QueryLimitException if it costs more than the query's limits; the
   *     visitor has seen a part of the answer then
   */
  public void find(Query query, Predicate<Document> visitor) {
    run(query, visitor);
  }

  /**
   * As {@link #find(Query, Predicate)}, but with each document comes the place behind it: a query
   * that goes on there finds the documents that follow.
   */
  public void findPlaced(Query query, BiPredicate<Document, Bookmark> visitor) {
    try (Searchable snapshot = searchable()) {
      snapshot.view().findPlaced(query, snapshot.index(), visitor);
    }
  }

  /** As {@link #find(Query)}, with the place to go on at for the next page. */
  public Page page(Query query) {
    List<Document> found = new ArrayList<>();
    return new Page(found, Optional.ofNullable(run(query, found::add).next()));
  }

  /** How many documents match. Reads none of them where the index can tell. */
  public long count(Selector selector) {
    return count(selector, QueryLimits.NONE);
  }

  /**
   * As {@link #count(Selector)}.
   *
   * @throws dev.stave.query.QueryLimitException if it costs more than {@code limits}
   */
  public long count(Selector selector, QueryLimits limits) {
    try (Searchable snapshot = searchable()) {
      return snapshot.count(selector, limits);
    }
  }

  /** The groups, in the order of their values. Reads no document where the index can tell. */
  public List<Group> group(Grouping grouping) {
    try (Searchable snapshot = searchable()) {
      return snapshot.group(grouping);
    }
  }

  /** What the documents look like: every path, its types and some of its values. */
  public Shape shape() {
    try (Searchable snapshot = searchable()) {
      return snapshot.shape();
    }
  }

  /**
   * What the documents of each kind look like, a kind being the string that they have at the path
   * {@code by}: of the {@code most} kinds with most documents, and of those without one.
   */
  public KindShapes kindShapes(String by, int most) {
    try (Searchable snapshot = searchable()) {
      return snapshot.kindShapes(JsonPath.parse(by), most);
    }
  }

  /** Runs the query and tells how it was answered. */
  public Explanation explain(Query query) {
    try (Searchable snapshot = searchable()) {
      return snapshot.explain(query);
    }
  }

  private QueryEngine.Outcome run(Query query, Predicate<Document> visitor) {
    try (Searchable snapshot = searchable()) {
      return snapshot.find(query, visitor);
    }
  }

  Searchable searchable() {
    return Searchable.of(storage, index);
  }

  /** Hands over live documents in the order of their ids, until {@code visitor} says false. */
  public void forEach(IdRange range, Predicate<Document> visitor) {
    try (View view = view()) {
      view.forEach(range, visitor);
    }
  }

  /**
   * Hands over the histories of documents, deleted ones and design documents too, in the order of
   * their ids and all as of one commit, until {@code visitor} says false. A history is to be used
   * within the call only.
   */
  public void forEachTree(IdRange range, BiPredicate<String, RevisionTree> visitor) {
    try (View view = view()) {
      view.forEachTree(range, visitor);
    }
  }

  /** Hands over the ids of documents with several live leaves, until {@code visitor} says false. */
  public void forEachConflict(IdRange range, Predicate<String> visitor) {
    try (View view = view()) {
      ConflictRows.forEach(view.rows(), range, visitor);
    }
  }

  /** Runs {@code work} on a document and its history, all as of one commit. */
  public <T extends @Nullable Object> T inspect(String id, Function<Inspection, T> work) {
    Document.checkId(id);
    try (View view = view()) {
      return work.apply(new Inspection(id, view));
    }
  }

  /** Hands over several documents and their histories, in their order, all as of one commit. */
  public void inspectAll(Collection<String> ids, Consumer<Inspection> visitor) {
    ids.forEach(Document::checkId);
    try (View view = view()) {
      ids.forEach(id -> visitor.accept(new Inspection(id, view)));
    }
  }

  /** The documents changed after the sequence {@code since}, each once, oldest change first. */
  public List<Change> changes(long since, int limit) {
    try (View view = view()) {
      return view.changes(since, limit);
    }
  }

  /** The documents changed before the sequence {@code before}, each once, newest change first. */
  public List<Change> changesBefore(long before, int limit) {
    try (View view = view()) {
      return view.changesBefore(before, limit);
    }
  }

  /**
   * Calls {@code listener} with the last sequence after each commit, on the thread that committed:
   * it must be quick, must not write here, and must not throw. Close what is returned to end it.
   */
  public ChangesFeed.Subscription onCommit(LongConsumer listener) {
    return feed.subscribe(listener);
  }

  /**
   * A live query: hands {@code snapshot} every document that matches as of one commit, and returns
   * what each later change can be taken from. If {@code snapshot} throws, nothing is watched.
   */
  public Watch watch(Selector selector, Consumer<Document> snapshot) {
    return watches.open(
        selector,
        () -> {
          try (Searchable now = searchable()) {
            return now.all(selector, snapshot);
          }
        });
  }

  /**
   * As {@link #watch(Selector, Consumer)}, of what comes alone: nothing is read, however much
   * matches.
   */
  public Watch watch(Selector selector) {
    return watches.open(selector, this::lastSequence);
  }

  /** A document that has no history and does not replicate, such as a checkpoint. */
  public Optional<JsonObject> getLocal(String id) {
    Document.checkLocalId(id);
    try (View view = view()) {
      return view.local(id);
    }
  }

  /**
   * Hands over the documents of {@link #putLocal} whose ids are in {@code range}, each with its id,
   * until {@code visitor} says false. The caller's thread sees them as of one commit.
   */
  public void forEachLocal(IdRange range, BiPredicate<String, JsonObject> visitor) {
    try (View view = view()) {
      view.forEachLocal(range, visitor);
    }
  }

  /** Names this copy of the database for as long as it exists: peers keep their place by it. */
  public String uuid() {
    return uuid;
  }

  /**
   * Names this opening: another one each time. What an earlier one has shown may be gone, where
   * commits are durable a little later, or files were copied back.
   */
  public String instance() {
    return instance;
  }

  /** The sequence of the newest change, 0 if there was none. */
  public long lastSequence() {
    return meta().lastSequence();
  }

  /** The number of live documents. */
  public long count() {
    return meta().live();
  }

  /** The number of documents whose winner is deleted. */
  public long deletedCount() {
    return meta().deleted();
  }

  private Meta meta() {
    try (View view = view()) {
      return view.meta();
    }
  }

  // Writing

  /**
   * Creates a document, or brings a deleted one back.
   *
   * @throws StaleRevisionException if there is one already
   * @throws InvalidDocumentException if the id or the body may not be a document's
   * @throws RefusedDocumentException if a schema or a validator of the database refuses it
   */
  public RevisionId put(String id, JsonObject body) {
    return only(new WriteBatch().put(id, body));
  }

  /**
   * Writes {@code body} over the revision {@code expected}, which is the winner or another leaf.
   * Its attachments stay.
   *
   * @throws StaleRevisionException if it is no leaf any more: somebody else wrote in between
   * @throws RefusedDocumentException if a schema or a validator of the database refuses it
   */
  public RevisionId put(String id, RevisionId expected, JsonObject body) {
    return only(new WriteBatch().put(id, expected, body));
  }

  /**
   * As {@link #put(String, JsonObject)}, with attachments by name, see {@link #attachments}.
   *
   * @throws MissingAttachmentException if the bytes of one are not in this database
   */
  public RevisionId put(String id, JsonObject body, Map<String, Attachment> attachments) {
    return only(new WriteBatch().put(id, null, body, attachments));
  }

  /**
   * As {@link #put(String, RevisionId, JsonObject)}, with all the attachments that the document has
   * from now on, by name: those of {@link Document#attachments} that stay, and new ones.
   *
   * @throws MissingAttachmentException if the bytes of one are not in this database
   */
  public RevisionId put(
      String id, RevisionId expected, JsonObject body, Map<String, Attachment> attachments) {
    return only(new WriteBatch().put(id, expected, body, attachments));
  }

  /**
   * Deletes the revision {@code expected}. If the document has other live leaves, one of them wins.
   *
   * @throws StaleRevisionException if it is no live leaf any more
   */
  public RevisionId delete(String id, RevisionId expected) {
    return only(new WriteBatch().delete(id, expected));
  }

  private RevisionId only(WriteBatch batch) {
    return ((WriteResult.Written) write(batch).get(0)).revision();
  }

  /**
   * Commits all of the batch, or nothing of it.
   *
   * @throws RefusedDocumentException if a schema or a validator refuses a document; nothing is
   *     written then
   * @throws StaleRevisionException if any edit is stale; nothing is written then
   * @throws MissingAttachmentException if the bytes of an attachment are not in this database;
   *     nothing is written then
   */
  public List<WriteResult> write(WriteBatch batch) {
    Committer.Outcome.Done done = commit(batch, Mode.ATOMIC);
    if (!done.written()) {
      throw whyNot(done.results());
    }
    return done.results();
  }

  /**
   * Commits the edits of the batch that are neither stale nor refused. One storage batch, but not
   * all or nothing.
   *
   * @return a result for each edit, in order
   */
  public List<WriteResult> writeEach(WriteBatch batch) {
    return commit(batch, Mode.EACH).results();
  }

  private static StaveException whyNot(List<WriteResult> results) {
    for (WriteResult result : results) {
      if (result instanceof WriteResult.Stale stale) {
        return new StaleRevisionException(stale.id(), stale.parent());
      }
      if (result instanceof WriteResult.MissingAttachment missing) {
        return missing(missing);
      }
    }
    throw new IllegalStateException("nothing was written, and nothing is stale");
  }

  static MissingAttachmentException missing(WriteResult.MissingAttachment missing) {
    return new MissingAttachmentException(
        "the bytes of an attachment are not here: bring them in first",
        "document",
        missing.id(),
        "name",
        missing.name(),
        "digest",
        missing.attachment().digest());
  }

  /** Sets a document that has no history and does not replicate; null removes it. */
  public void putLocal(String id, @Nullable JsonObject body) {
    write(new WriteBatch().putLocal(id, body));
  }

  /**
   * Runs {@code work}, whose reads all see the database as of one commit, and then commits all it
   * wrote, or nothing. The outcome is as if it had run alone: if anything it read was changed
   * meanwhile, it is run again, so it should do nothing but read and write.
   *
   * @return what {@code work} returned in the end
   * @throws TransactionConflictException after {@value #TRANSACTION_ATTEMPTS} attempts
   * @throws StaleRevisionException if {@code work} named a revision that is no leaf
   * @throws RefusedDocumentException if a schema or a validator refuses what it wrote
   */
  public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
    for (int attempt = 0; attempt < TRANSACTION_ATTEMPTS; attempt++) {
      try (Searchable snapshot = searchable()) {
        Transaction transaction = new Transaction(snapshot.view(), snapshot.index(), blobs::isHeld);
        T result = work.apply(transaction);
        transaction.writes().checkSizes(options.maxDocumentBytes());
        DocumentChecks.Checked checked = checks.check(transaction.writes().edits());
        checked.requireAll();
        Committer.Outcome outcome =
            committer.commit(checked.edits(), Mode.ATOMIC, transaction.reads(), checked.count());
        if (outcome instanceof Committer.Outcome.Done done) {
          if (done.written()) {
            return result;
          }
          if (whyNot(done.results()) instanceof MissingAttachmentException missing) {
            throw missing;
          }
        }
      }
    }
    throw new TransactionConflictException(TRANSACTION_ATTEMPTS);
  }

  /** Changes parts of documents: by JSON Pointer, JSON Patch and Merge Patch. */
  public DocumentParts parts() {
    return new DocumentParts(this);
  }

  /** The attachments of the documents: their bytes, streamed in and out. */
  public Attachments attachments() {
    return attachments;
  }

  /**
   * Makes a fork of what is committed now, and opens it: {@link Forks#create}.
   *
   * @throws ForkException if there is one of that name
   * @throws dev.stave.storage.StorageException if the disk refuses; then there is none
   */
  public Database fork(String name) {
    return forks.create(name);
  }

  /** Copies of this database that go their own way: made, listed, opened and dropped. */
  public Forks forks() {
    return forks;
  }

  /** The content of the whole database in files, to give and to take. */
  public Seeds seeds() {
    return seeds;
  }

  private Committer.Outcome.Done commit(WriteBatch batch, Mode mode) {
    batch.checkSizes(options.maxDocumentBytes());
    while (true) {
      DocumentChecks.Checked checked = checks.check(batch.edits());
      if (mode == Mode.ATOMIC) {
        checked.requireAll();
      }
      Committer.Outcome outcome = committer.commit(checked.accepted(), mode, null, checked.count());
      if (outcome instanceof Committer.Outcome.Done done) {
        return new Committer.Outcome.Done(checked.results(done.results()), done.written());
      } // else a schema has changed since it was checked
    }
  }

  /**
   * What the schemas and the validators of the database say of a document, as it would be: nothing
   * if it may be written. Nothing is.
   */
  public List<Problem> validate(Document document) {
    return checks.problems(document);
  }

  /**
   * The schemas of the database, in the order of their ids, those included that have come from a
   * peer and are not in force since they are not valid. See {@link SchemaRules}.
   */
  public List<DocumentSchema> schemas() {
    return checks.schemas().list();
  }

  // Files

  /**
   * Copies the database as it is now to a new folder, which is a database of its own: by second
   * names of the same files where {@code folder} is on the same disk, so that it takes neither room
   * nor time, and else by copying them. Reading and writing go on meanwhile.
   *
   * @param folder where nothing is yet, or an empty folder
   * @throws dev.stave.storage.StorageException if it cannot be made; then nothing of it is there
   * @throws UnsupportedOperationException if this database is in memory
   */
  public void checkpoint(Path folder) {
    copyFiles(folder);
    ClosedDatabase.becomeAnother(folder);
  }

  void copyFiles(Path folder) {
    files().checkpoint(folder);
  }

  /**
   * Takes the room of what was overwritten and deleted back, as far as there is any, and of what
   * the retention does not keep of histories. It happens by itself too, when there is enough of it;
   * to a history with the next write of its document. Reading and writing go on meanwhile.
   *
   * @throws dev.stave.storage.StorageException if the disk refuses; then nothing is lost
   * @throws UnsupportedOperationException if this database is in memory
   */
  public void compact() {
    FileStorage files = files();
    Trimming.run(this, retention);
    committer.betweenCommits(this::forgetGone);
    seeds.deleteOld();
    files.compact();
  }

  /**
   * Reads every document and all of the index, and compares them. Reading and writing go on
   * meanwhile.
   *
   * @return a line for each way in which the index is wrong; none if it is right
   * @throws dev.stave.storage.CorruptStaveException if a file is damaged
   */
  public List<String> checkIndex() {
    try (Searchable snapshot = searchable()) {
      return snapshot.problemsOfIndex();
    }
  }

  /**
   * Makes the index anew from the documents, and returns when that is done. Reading and writing go
   * on meanwhile.
   *
   * @throws dev.stave.storage.StorageException if the disk refuses; then the old index counts
   */
  public void rebuildIndex() {
    index.rebuild(this::forEachIndexed);
  }

  private void forEachIndexed(PathIndex.VersionVisitor visitor) {
    try (View view = view()) {
      view.forEachIndexed(
          (document, sequence) ->
              visitor.visit(sequence, document.id(), document.body().sharedTree()));
    }
  }

  private void storePolicy(IndexPolicy policy) {
    StorageBatch batch = new StorageBatch();
    batch.put(DocumentRows.INDEX_POLICY, policy.toJson().bytes());
    storage.commit(batch);
  }

  /** What the index leaves out. */
  public IndexPolicy indexPolicy() {
    try (View view = view()) {
      return view.indexPolicy();
    }
  }

  /**
   * Has the index leave out what {@code policy} says, for good: it stays with the database. What is
   * in the index is made anew in the background; reading and writing go on, and no answer is wrong
   * meanwhile.
   *
   * @throws dev.stave.storage.StorageException if the disk refuses; then nothing has changed
   */
  public synchronized void setIndexPolicy(IndexPolicy policy) {
    if (policy.equals(indexPolicy())) {
      return;
    }
    storePolicy(policy);
    index.setPolicy(policy);
    index.rebuildLater(this::forEachIndexed);
  }

  /** How much is kept of each document's history. */
  public Retention retention() {
    return retention;
  }

  /**
   * Has so much kept of each document's history, for good: it stays with the database, until this
   * is called again or it is opened with {@link DatabaseOptions#withRetention other options}. It
   * counts from a document's next write on, and for all of them when the database is compacted.
   *
   * @throws dev.stave.storage.StorageException if the disk refuses; then nothing has changed
   */
  public void setRetention(Retention wanted) {
    committer.betweenCommits(
        () -> {
          retention = RetentionRow.write(storage, wanted);
        });
  }

  /** What the index has in its tables it need not be told of again. */
  private void forgetGone() {
    StorageBatch batch = new StorageBatch();
    try (StorageSnapshot rows = storage.snapshot()) {
      DocumentRows.deleteGone(batch, rows, index.flushedTo());
    }
    if (!batch.isEmpty()) {
      storage.commit(batch);
    }
  }

  /**
   * What the files hold and what was written since this database was opened.
   *
   * @throws UnsupportedOperationException if this database is in memory
   */
  public StorageStats stats() {
    return files().stats().withIndex(index.memoryBytes(), index.trouble());
  }

  private FileStorage files() {
    if (storage instanceof FileStorage files) {
      return files;
    }
    throw new UnsupportedOperationException("this database is in memory, and has no files");
  }

  /** Releases the files. Waits for the commit that is under way; watches end, later calls fail. */
  @Override
  public void close() {
    try {
      index.close();
    } finally {
      try {
        storage.close();
      } finally {
        watches.close(); // last: until here something may be committed
      }
    }
  }
}
