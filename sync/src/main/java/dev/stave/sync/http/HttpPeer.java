package dev.stave.sync.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.IncomingSeed;
import dev.stave.json.JsonObject;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.Digest;
import dev.stave.sync.peer.DigestPart;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.Greeting;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SeedOffer;
import dev.stave.sync.peer.SentRevision;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A database behind HTTP, by CouchDB's replication protocol: Stave's server, CouchDB, PouchDB
 * Server.
 *
 * <p>Name and password may be in the address; they are sent to that server only, and are in no
 * message, no text and no checkpoint.
 */
public final class HttpPeer implements Peer {

  /*
   * OkHttp keeps a thread for each request that waits for changes, and lets so many wait at once;
   * the others take turns. So hundreds of idle replicas need some dozens of threads.
   */
  private static final int WAITING_AT_ONCE = 32;

  private static final Dispatcher DISPATCHER = dispatcher();

  private static final OkHttpClient CLIENT = client(new OkHttpClient());

  private final HttpWire wire;
  private final HttpChanges changes;
  private final Suspects suspects = new Suspects();

  /** Of local documents, as they were read or written last: of a replication or two. */
  private final Map<String, JsonNode> localRevisions = new ConcurrentHashMap<>();

  private volatile @Nullable String identity;
  private volatile boolean hasNoBulkGet;
  private volatile Set<Extension> extensions = Set.of(); // nothing before identity() has asked

  private HttpPeer(HttpUrl database, OkHttpClient client) {
    this.wire = new HttpWire(database, client);
    this.changes = new HttpChanges(wire);
  }

  /**
   * The database at {@code address}, such as {@code https://name:password@example.org/notes}.
   *
   * @throws IllegalArgumentException if that is no address of a database
   */
  public static HttpPeer at(URI address) {
    return at(address, Credentials.none());
  }

  /** As {@link #at(URI)}, with credentials that are not in the address. */
  public static HttpPeer at(URI address, Credentials credentials) {
    return at(address, credentials, CLIENT);
  }

  /**
   * As {@link #at(URI, Credentials)}, by a client of one's own: with certificates, a proxy or
   * sockets that refuse some places. Its time limits and redirects are set here.
   */
  public static HttpPeer at(URI address, Credentials credentials, OkHttpClient client) {
    HttpUrl url = HttpUrl.get(address);
    boolean isDatabase = url != null && url.pathSegments().stream().anyMatch(s -> !s.isEmpty());
    if (url == null || !isDatabase) {
      // It may have a password in it, and is not shown.
      throw new IllegalArgumentException("this is not the http or https address of a database");
    }
    Credentials login =
        url.username().isEmpty() || !credentials.isNone()
            ? credentials
            : Credentials.basic(url.username(), url.password());
    HttpUrl.Builder plain = url.newBuilder().username("").password("").query(null).fragment(null);
    int last = url.pathSize() - 1;
    if (url.pathSegments().get(last).isEmpty()) {
      plain.removePathSegment(last);
    }
    HttpUrl database = plain.build();
    OkHttpClient own = client == CLIENT ? CLIENT : client(client);
    return new HttpPeer(database, new Login(database, login).in(own));
  }

  private static OkHttpClient client(OkHttpClient client) {
    return client
        .newBuilder()
        .dispatcher(DISPATCHER)
        .connectTimeout(15, TimeUnit.SECONDS)
        .readTimeout(HttpChanges.WAIT_MILLIS + 30_000, TimeUnit.MILLISECONDS)
        .writeTimeout(60, TimeUnit.SECONDS)
        .followSslRedirects(false) // what is meant to be secret stays it
        .build();
  }

  /** Its threads do not keep a process from ending. */
  private static Dispatcher dispatcher() {
    Dispatcher dispatcher =
        new Dispatcher(
            new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // the dispatcher starts no more than it may
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> {
                  Thread thread = new Thread(work, "stave-sync-waiting");
                  thread.setDaemon(true);
                  return thread;
                }));
    dispatcher.setMaxRequests(WAITING_AT_ONCE);
    dispatcher.setMaxRequestsPerHost(WAITING_AT_ONCE);
    return dispatcher;
  }

  static HttpUrl.Builder document(HttpWire wire, String id) {
    String design = "_design/";
    return id.startsWith(design) ? wire.at("_design", id.substring(design.length())) : wire.at(id);
  }

  @Override
  public String name() {
    return wire.name();
  }

  /** Stave names its databases; of others, it is the server's name and the path. */
  @Override
  public String identity() {
    String known = identity;
    if (known == null) {
      String uuid = information().path("uuid").asText("");
      known = uuid.isEmpty() ? ofServer() : uuid;
      identity = known;
    }
    return known;
  }

  private JsonNode information() {
    return information(HttpWire.get(wire.at()).build());
  }

  private JsonNode information(Request request) {
    try (Response response = wire.sendBriefly(request)) {
      JsonNode read = wire.read(response);
      if (!read.path("db_name").isTextual()) {
        throw wire.wrong(response, "it does not tell of a database");
      }
      extensions = Extension.in(response.header(Extension.HEADER));
      String uuid = read.path("uuid").asText("");
      if (identity == null && !uuid.isEmpty()) {
        identity = uuid; // who asks next for that need not wait
      }
      return read;
    }
  }

  /** CouchDB's word for it; newer ones say when the database was made. */
  @Override
  public String instance() {
    return instance(information());
  }

  private static String instance(JsonNode information) {
    return information.path("instance_start_time").asText("");
  }

  /** Whoever does not know the header answers as ever. */
  @Override
  public Greeting greet(String checkpoint) {
    JsonNode told =
        information(
            HttpWire.get(wire.at()).header(Extension.CHECKPOINT_HEADER, checkpoint).build());
    JsonNode state = told.path(Extension.GREETING_MEMBER);
    if (!knows(Extension.GREETING) || !state.isObject()) {
      return new Greeting(instance(told), Optional.empty());
    }
    Optional<JsonObject> found =
        state.path("checkpoint") instanceof ObjectNode document
            ? Optional.of(withoutMembers(checkpoint, document))
            : Optional.empty();
    String last = DocumentJson.sequence(told.path("update_seq"));
    boolean hasConflicts = state.path("conflicts").asBoolean(true);
    return new Greeting(instance(told), Optional.of(new Greeting.State(found, last, hasConflicts)));
  }

  /** Once {@link #identity} was asked for; before that, nothing is known. */
  private boolean knows(Extension extension) {
    return extensions.contains(extension);
  }

  private String ofServer() {
    HttpUrl server = HttpWire.serverOf(wire.database());
    String path = wire.database().encodedPath();
    try {
      String uuid = wire.json(HttpWire.get(server.newBuilder()).build()).path("uuid").asText("");
      return uuid.isEmpty() ? wire.name() : uuid + path;
    } catch (PeerException e) {
      if (e.isTransient() && e.kind() != PeerException.Kind.WRONG_ANSWER) {
        throw e;
      }
      return wire.name(); // behind a proxy that shows the database only
    }
  }

  /** Creates the database, unless it is there. */
  public void create() {
    Request request =
        HttpWire.get(wire.at()).put(RequestBody.create(new byte[0], HttpWire.JSON)).build();
    try (Response response = wire.send(request)) {
      if (!response.isSuccessful() && response.code() != 412) {
        throw wire.failure(response);
      }
    }
  }

  @Override
  public String lastSequence() {
    return DocumentJson.sequence(information().path("update_seq"));
  }

  @Override
  public ChangesPage changes(String since, int limit, Scope scope, String leavingSince) {
    return changes.page(
        since,
        limit,
        scope,
        knows(Extension.LEAVING) ? leavingSince : null,
        knows(Extension.TRANSACTIONS));
  }

  @Override
  public Waiting whenChanged(String since, Scope scope, ChangeListener listener) {
    return changes.wait(since, scope, knows(Extension.LEAVING), listener);
  }

  @Override
  public Map<String, MissingRevisions> missing(Map<String, List<RevisionId>> offered) {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    offered.forEach((id, revisions) -> add(asked.putArray(id), revisions));
    byte[] json = HttpWire.bytes(asked);
    Request request =
        (extensions.contains(Extension.BULK)
                ? HttpWire.postCompressed(wire.at("_revs_diff"), json)
                : HttpWire.post(wire.at("_revs_diff"), json))
            .build();
    JsonNode answer;
    try (Response response = wire.sendWell(request)) {
      answer = wire.read(response);
      if (!answer.isObject()) { // it would look as if it lacked nothing
        throw wire.wrong(response, "it is no object");
      }
    }
    Map<String, MissingRevisions> missing = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : answer.properties()) {
      List<RevisionId> revisions = revisions(each.getValue().path("missing"));
      if (!revisions.isEmpty()) {
        List<RevisionId> ancestors = revisions(each.getValue().path("possible_ancestors"));
        missing.put(each.getKey(), new MissingRevisions(revisions, ancestors));
      }
    }
    return missing;
  }

  static void add(ArrayNode array, List<RevisionId> revisions) {
    revisions.forEach(revision -> array.add(revision.toString()));
  }

  static List<RevisionId> revisions(JsonNode array) {
    List<RevisionId> revisions = new ArrayList<>();
    array.forEach(each -> revisions.add(revision(each.asText())));
    return revisions;
  }

  /** As a peer writes it: what is none fails like any other answer that is none. */
  static RevisionId revision(String text) {
    try {
      return RevisionId.parse(text);
    } catch (InvalidRevisionException e) {
      throw new PeerException(
          PeerException.Kind.WRONG_ANSWER,
          e,
          "the peer names a revision that is none",
          "revision",
          text);
    }
  }

  @Override
  public void read(Map<String, List<RevisionId>> wanted, RevisionVisitor visitor) {
    if (!wanted.isEmpty()) {
      HttpRead read = new HttpRead(wire, extensions, wanted, visitor);
      if (hasNoBulkGet || !read.atOnce()) {
        hasNoBulkGet = true;
        read.oneByOne();
      }
    }
  }

  @Override
  public List<GraftResult> graft(List<SentRevision> revisions) {
    return new HttpGraft(wire, extensions, suspects).write(revisions);
  }

  @Override
  public PreparedGraft prepare(List<SentRevision> revisions) {
    return new HttpGraft(wire, extensions, suspects).prepare(revisions);
  }

  /** CouchDB's protocol has no word for it. */
  @Override
  public Map<String, List<RevisionId>> missingBases(Collection<String> documents) {
    if (!extensions.contains(Extension.BASES)) {
      return Map.of();
    }
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    documents.forEach(asked.putArray("docs")::add);
    JsonNode answer =
        wire.json(
            HttpWire.postCompressed(wire.at("_missing_bases"), HttpWire.bytes(asked)).build());
    Map<String, List<RevisionId>> missing = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : answer.path("missing").properties()) {
      missing.put(each.getKey(), revisions(each.getValue()));
    }
    return missing;
  }

  @Override
  public List<String> conflicts(String after, int limit) {
    if (!extensions.contains(Extension.BASES)) {
      return List.of();
    }
    HttpUrl.Builder url = wire.at("_open_conflicts").addQueryParameter("after", after);
    url.addQueryParameter("limit", Integer.toString(limit));
    List<String> open = new ArrayList<>();
    wire.json(HttpWire.get(url).build()).path("docs").forEach(id -> open.add(id.asText()));
    return open;
  }

  @Override
  public void giveBases(List<SentRevision> bases) {
    if (!bases.isEmpty()) {
      new HttpGraft(wire, extensions, suspects).give(bases);
    }
  }

  @Override
  public Optional<SeedOffer> seed() {
    return knows(Extension.SEED) ? HttpSeed.offer(wire) : Optional.empty();
  }

  @Override
  public void readSeed(String id, IncomingSeed.Piece piece, byte[] bytes) {
    HttpSeed.read(wire, id, piece, bytes);
  }

  @Override
  public Optional<List<DigestPart>> split(
      String from, @Nullable String to, long size, Scope scope) {
    return knows(Extension.DIGEST)
        ? Optional.of(HttpDigest.split(wire, from, to, size, scope))
        : Optional.empty();
  }

  @Override
  public List<Digest> digests(List<String> bounds, @Nullable String to, Scope scope) {
    return knows(Extension.DIGEST)
        ? HttpDigest.digests(wire, bounds, to, scope)
        : Peer.super.digests(bounds, to, scope);
  }

  @Override
  public SortedMap<String, List<RevisionId>> leaves(
      String from, @Nullable String to, int limit, Scope scope) {
    return knows(Extension.DIGEST)
        ? HttpDigest.leaves(wire, from, to, limit, scope)
        : Peer.super.leaves(from, to, limit, scope);
  }

  @Override
  public Optional<JsonObject> getLocal(String id) {
    return local(id).map(found -> withoutMembers(id, found));
  }

  private JsonObject withoutMembers(String id, ObjectNode local) {
    localRevisions.put(id, local.path("_rev"));
    local.remove(List.of("_id", "_rev"));
    return JsonObject.of(local);
  }

  private Optional<ObjectNode> local(String id) {
    return wire.jsonIfThere(HttpWire.get(wire.at("_local", id)).build())
        .filter(JsonNode::isObject)
        .map(ObjectNode.class::cast);
  }

  @Override
  public void putLocal(String id, JsonObject body) {
    int attempts = 3; // another run may write it at the same time
    JsonNode known = localRevisions.getOrDefault(id, MissingNode.getInstance());
    for (int attempt = 1; ; attempt++) {
      if (!known.isTextual()) {
        known = local(id).map(found -> found.path("_rev")).orElse(known);
      }
      ObjectNode json = body.tree().put("_id", "_local/" + id);
      Request.Builder request = HttpWire.get(wire.at("_local", id));
      byte[] bytes = HttpWire.bytes(known.isTextual() ? json.set("_rev", known) : json);
      try (Response response =
          wire.send(request.put(RequestBody.create(bytes, HttpWire.JSON)).build())) {
        if (response.isSuccessful()) {
          localRevisions.put(id, wire.read(response).path("rev"));
          return;
        }
        if (response.code() != 409 || attempt == attempts) {
          throw wire.failure(response);
        }
        known = MissingNode.getInstance();
      }
    }
  }

  /** Some servers have no such request, since every write of theirs is durable. */
  @Override
  public void commit() {
    Request request = HttpWire.post(wire.at("_ensure_full_commit"), new byte[0]).build();
    try (Response response = wire.send(request)) {
      int code = response.code();
      if (!response.isSuccessful() && code != 404 && code != 405 && code != 501) {
        throw wire.failure(response);
      }
    }
  }

  /** Breaks off what is under way: close what uses it first. */
  @Override
  public void close() {
    changes.close();
    wire.cancelAll();
  }

  @Override
  public String toString() {
    return name();
  }
}
