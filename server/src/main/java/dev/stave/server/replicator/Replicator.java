package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.StaveException;
import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.server.accounts.Settings;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.script.ScriptPool;
import dev.stave.sync.Progress;
import dev.stave.sync.peer.Peer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what {@code _replicate} asks for, and what the documents of {@code _replicator} do: a
 * document is a job that is begun when it is written or the server starts, and ends when it is
 * deleted. What became of a job that is over is kept in a local document beside it.
 *
 * <p>Any thread may call any method.
 */
public final class Replicator implements AutoCloseable {

  public static final DatabaseName DATABASE = new DatabaseName("_replicator");

  private static final Logger LOG = LoggerFactory.getLogger(Replicator.class);
  private static final String STATE = "stave.replication.";
  private static final int CHANGES_AT_ONCE = 1_000;
  private static final int THREADS = 4;
  private static final long GRACE_MILLIS = 5_000;

  private final Databases databases;
  private final Endpoints endpoints;
  private final ThreadPoolExecutor threads;
  private final Map<String, Job> jobs = new ConcurrentHashMap<>(); // by id, without documents
  private final Map<String, Wish> wishes = new TreeMap<>(); // by document; under the lock of this
  private @Nullable Database followed;
  private ChangesFeed.@Nullable Subscription feed;
  private long seen;
  private boolean closed;

  public Replicator(Databases databases, ScriptPool scripts, Settings settings) {
    this.databases = databases;
    this.endpoints = new Endpoints(databases, scripts, settings);
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "stave-replicator");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** Begins what the documents ask for, as soon as there are any. */
  public void start() {
    databases.afterCreate(
        name -> {
          if (name.equals(DATABASE)) {
            later(this::follow);
          } else {
            later(() -> beginAgainWith(name));
          }
        });
    databases.beforeDrop(this::letGo);
    databases.afterDrop(this::hint); // it sees then that its database is no more
    later(this::follow);
  }

  private void later(Runnable work) {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    threads.execute(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.error("a replication could not be seen to", e);
          }
        });
  }

  private void follow() {
    Optional<Database> found = databases.find(DATABASE);
    synchronized (this) {
      if (found.isEmpty() || followed == found.get() || closed) {
        return;
      }
      followed = found.get();
      seen = 0;
      feed = found.get().onCommit(sequence -> later(this::look));
    }
    look();
  }

  private void letGo(Database database) {
    List<Job> ended = new ArrayList<>();
    synchronized (this) {
      if (followed == database) {
        followed = null;
        if (feed != null) {
          feed.close();
          feed = null;
        }
        wishes.values().stream().map(Wish::job).filter(job -> job != null).forEach(ended::add);
        wishes.clear();
      }
    }
    ended.forEach(job -> later(job::stop));
  }

  /** Sees to the documents that have changed. */
  private synchronized void look() {
    Database database = followed;
    if (database == null || closed) {
      return;
    }
    List<Change> changes = database.changes(seen, CHANGES_AT_ONCE);
    for (Change change : changes) {
      seen = change.sequence();
      if (!Document.isDesign(change.id())) {
        see(database, change);
      }
    }
    if (changes.size() == CHANGES_AT_ONCE) {
      later(this::look);
    }
  }

  private void see(Database database, Change change) {
    Wish known = wishes.get(change.id());
    if (known != null && known.revision().equals(change.revision())) {
      return;
    }
    if (known != null && known.job() != null) {
      later(known.job()::stop);
    }
    wishes.remove(change.id());
    Optional<Document> document = database.get(change.id(), change.revision());
    if (change.deleted() || document.isEmpty()) {
      database.putLocal(stateId(change.id()), null);
      return;
    }
    Optional<Wish> over = over(database, document.get());
    Wish wish = over.orElseGet(() -> wish(document.get(), null, "initializing", null));
    wishes.put(change.id(), wish);
    if (over.isEmpty()) {
      later(() -> begin(document.get()));
    }
  }

  private static Wish wish(
      Document document, @Nullable Job job, String state, @Nullable ObjectNode info) {
    return new Wish(document.id(), document.revision(), job, state, info, Instant.now());
  }

  /** Ids are short that way, and the server keeps them to itself. */
  private static String stateId(String document) {
    return STATE + UUID.nameUUIDFromBytes(document.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<Wish> over(Database database, Document document) {
    return database
        .getLocal(stateId(document.id()))
        .map(JsonObject::tree)
        .filter(state -> state.path("revision").asText().equals(document.revision().toString()))
        .map(
            state ->
                new Wish(
                    document.id(),
                    document.revision(),
                    null,
                    state.path("state").asText(),
                    (ObjectNode) state.get("info"),
                    Instant.parse(state.path("time").asText())));
  }

  private void keep(Wish wish) {
    Database database;
    synchronized (this) {
      Wish now = wishes.get(wish.document());
      database = followed;
      if (now == null || !now.revision().equals(wish.revision()) || database == null) {
        return; // the document has changed meanwhile
      }
      wishes.put(wish.document(), wish);
    }
    ObjectNode state = JsonReply.object().put("revision", wish.revision().toString());
    state.put("state", wish.state()).put("time", wish.updated().toString());
    state.set("info", wish.info() == null ? JsonReply.object() : wish.info());
    database.putLocal(stateId(wish.document()), JsonObject.of(state));
  }

  private void begin(Document document) {
    ReplicationRequest request;
    try {
      request = ReplicationRequest.parse(document.body().sharedTree());
    } catch (StaveException | HttpException e) {
      ObjectNode why = JsonReply.object().put("error", e.getMessage());
      keep(wish(document, null, "failed", why)); // until the document is written anew
      return;
    }
    Job job;
    try {
      job = job(request, document.id());
    } catch (StaveException | HttpException e) {
      ObjectNode why = JsonReply.object().put("error", e.getMessage());
      put(document, wish(document, null, "failed", why));
      return;
    }
    if (!put(document, wish(document, job, "running", null))) {
      job.stop();
      return;
    }
    job.replication.watch(
        progress -> {
          if (progress.state() == Progress.State.DONE) {
            keep(wish(document, null, "completed", job.info()));
          }
        });
    job.replication.start();
  }

  /** Jobs of documents that have failed since it was not there, or was dropped. */
  private void beginAgainWith(DatabaseName name) {
    List<Document> failed = new ArrayList<>();
    synchronized (this) {
      Database database = followed;
      if (database == null) {
        return;
      }
      for (Wish wish : wishes.values()) {
        Job job = wish.job();
        boolean hasFailed =
            job == null
                ? wish.state().equals("failed")
                : job.replication.progress().state() == Progress.State.FAILED;
        database
            .get(wish.document(), wish.revision())
            .filter(document -> hasFailed && isWith(document, name))
            .ifPresent(failed::add);
      }
    }
    failed.forEach(this::begin);
  }

  private static boolean isWith(Document document, DatabaseName name) {
    JsonNode wish = document.body().sharedTree();
    return wish.path("source").asText().equals(name.value())
        || wish.path("target").asText().equals(name.value());
  }

  private synchronized boolean put(Document document, Wish wish) {
    Wish now = wishes.get(document.id());
    RevisionId expected = document.revision();
    if (closed || now == null || !now.revision().equals(expected)) {
      return false;
    }
    wishes.put(document.id(), wish);
    return true;
  }

  private Job job(ReplicationRequest request, @Nullable String document) {
    Peer source = endpoints.peer(request.source(), false);
    Peer target = endpoints.peer(request.target(), request.createTarget());
    return new Job(request, document, source, target);
  }

  /**
   * Begins what {@code _replicate} asks for; if it runs already, that.
   *
   * @throws HttpException if there is no such database
   */
  Job begin(ReplicationRequest request) {
    Job running = jobs.get(request.fullId());
    if (running != null && !running.replication.progress().state().isEnd()) {
      return running;
    }
    Job job = job(request, null);
    job.replication.watch(
        progress -> {
          if (progress.state().isEnd() && !request.options().continuous()) {
            jobs.remove(request.fullId(), job);
          } else if (progress.state() == Progress.State.FAILED) {
            LOG.warn("replication {} has failed: {}", request.fullId(), progress.error());
          }
        });
    jobs.put(request.fullId(), job);
    job.replication.start();
    return job;
  }

  /** Ends a job of {@code _replicate}. False if there is none. */
  boolean cancel(String id) {
    Job job = jobs.remove(id);
    if (job == null) {
      return false;
    }
    job.stop();
    return true;
  }

  /** There is something to be copied from or to {@code database} that no feed tells of. */
  void hint(Database database) {
    running().forEach(job -> job.hintIfWith(database));
  }

  /** All that run, or would. */
  public synchronized List<JsonNode> tasks() {
    List<JsonNode> tasks = new ArrayList<>();
    running().forEach(job -> tasks.add(job.toTask()));
    return tasks;
  }

  private List<Job> running() {
    List<Job> running = new ArrayList<>(known());
    running.removeIf(job -> job.replication.progress().state().isEnd());
    return running;
  }

  /** All that run, or would, and continuous ones that have failed. */
  synchronized List<Job> known() {
    List<Job> known = new ArrayList<>(jobs.values());
    wishes.values().stream().map(Wish::job).filter(job -> job != null).forEach(known::add);
    known.removeIf(
        job -> {
          Progress.State state = job.replication.progress().state();
          return state.isEnd() && state != Progress.State.FAILED;
        });
    return known;
  }

  /** What there is to say in the document of a job: how it ended, if it has. */
  public synchronized Map<String, JsonNode> membersOf(String document) {
    Wish wish = wishes.get(document);
    return wish == null ? Map.of() : wish.members();
  }

  synchronized List<Wish> wishes() {
    return List.copyOf(wishes.values());
  }

  /** Ends all; waits for what is in flight, but not for ever. */
  @Override
  public void close() {
    List<Job> running;
    synchronized (this) {
      running = running();
      closed = true;
      if (feed != null) {
        feed.close();
      }
    }
    Thread stopping = new Thread(() -> running.forEach(Job::stop), "stave-replicator-stop");
    stopping.start();
    try {
      stopping.join(GRACE_MILLIS);
      running.forEach(Job::breakOff);
      stopping.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they have to stop now
      running.forEach(Job::breakOff);
    }
    threads.shutdown();
  }
}
