package dev.stave.server.http;

import dev.stave.database.Database;
import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Settings;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.databases.IllegalDatabaseNameException;
import dev.stave.server.designs.DesignEndpoint;
import dev.stave.server.designs.Rewrites;
import dev.stave.server.documents.AllDocsEndpoint;
import dev.stave.server.documents.AttachmentEndpoint;
import dev.stave.server.documents.AttachmentSink;
import dev.stave.server.documents.BasesEndpoint;
import dev.stave.server.documents.BulkDocsEndpoint;
import dev.stave.server.documents.BulkGetEndpoint;
import dev.stave.server.documents.DocumentEndpoint;
import dev.stave.server.documents.DocumentKind;
import dev.stave.server.documents.LocalDocumentEndpoint;
import dev.stave.server.documents.MultipartSink;
import dev.stave.server.documents.Partition;
import dev.stave.server.documents.RevisionsEndpoint;
import dev.stave.server.exchange.Endpoint;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.InDatabase;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.RouteTable;
import dev.stave.server.exchange.Routes;
import dev.stave.server.exchange.StreamedBody;
import dev.stave.server.feeds.ChangesEndpoint;
import dev.stave.server.feeds.DigestEndpoint;
import dev.stave.server.feeds.WatchEndpoint;
import dev.stave.server.graphql.transport.GraphQLEndpoint;
import dev.stave.server.replicator.DeadLettersEndpoint;
import dev.stave.server.replicator.DeparturesEndpoint;
import dev.stave.server.replicator.ReplicateEndpoint;
import dev.stave.server.replicator.Replicator;
import dev.stave.server.replicator.SchedulerEndpoint;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.search.FindEndpoint;
import dev.stave.server.search.IndexEndpoint;
import dev.stave.server.search.PartsEndpoint;
import dev.stave.server.search.SummaryEndpoint;
import dev.stave.server.view.ViewIndexes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Finds who answers a request, by its path and its method. */
final class Router implements Routes {

  private static final String DOCUMENT = "/{db}/{docid}";
  private static final String DESIGN = "/{db}/_design/{ddoc}";
  private static final String PARTITION = "/{db}/_partition/{partition}";
  private static final String ATTACHMENT = DOCUMENT + "/{attname*}";
  private static final String DESIGN_ATTACHMENT = DESIGN + "/{file*}";

  /** What takes one document, which may have attachments in it. */
  private static final Set<String> OF_DOCUMENT =
      Set.of("PUT " + DOCUMENT, "PUT " + DESIGN, "POST /{db}");

  private static final Set<String> OF_ATTACHMENT = Set.of(ATTACHMENT, DESIGN_ATTACHMENT);

  /** What takes the bodies or the ids of many documents. */
  private static final Set<String> OF_MANY =
      Set.of(
          "/{db}/_bulk_docs",
          "/{db}/_bulk_get",
          "/{db}/_digest",
          "/{db}/_revs_diff",
          "/{db}/_missing_revs",
          "/{db}/_missing_bases",
          "/{db}/_bases",
          "/{db}/_purge",
          "/{db}/_all_docs",
          "/{db}/_all_docs/queries",
          "/{db}/_design_docs",
          "/{db}/_design_docs/queries",
          "/{db}/_local_docs",
          "/{db}/_local_docs/queries",
          "/{db}/_changes",
          PARTITION + "/_all_docs",
          PARTITION + "/_design/{ddoc}/_view/{view}",
          DESIGN + "/_view/{view}",
          DESIGN + "/_view/{view}/queries");

  private static final Predicate<String> PLAIN = segment -> !segment.startsWith("_");

  private final Databases databases;
  private final Admission admission;
  private final Cors cors;
  private final ScriptPool scripts;
  private final Rewrites rewrites;
  private final RouteTable table =
      new RouteTable(
          Map.of(
              "db", segment -> PLAIN.test(segment) || DatabaseName.isSystem(segment),
              "docid", PLAIN,
              "file", PLAIN));

  Router(
      Databases databases,
      Admission admission,
      Cors cors,
      ChangesEndpoint changes,
      WatchEndpoint watches,
      Compactions compactions,
      SeedEndpoint seeds,
      GraphQLEndpoint graphql,
      ViewIndexes views,
      ScriptPool scripts,
      Accounts accounts,
      Settings settings,
      Replicator replicator,
      UtilsEndpoint utils) {
    this.databases = databases;
    this.admission = admission;
    this.cors = cors;
    this.scripts = scripts;
    this.rewrites = new Rewrites(scripts);
    addServer(compactions, accounts, settings, replicator);
    addDatabase(changes, watches, compactions, views);
    in("GET", "/{db}/_seed", seeds::offer);
    in("POST", "/{db}/_digest", new DigestEndpoint()::answer);
    in("GET", "/{db}/_seed/{id}/{name}", SeedEndpoint::file);
    in("GET", "/{db}/_graphql", graphql::get);
    in("POST", "/{db}/_graphql", graphql::post);
    at("GET", "/_utils", utils::file);
    at("GET", "/_utils/{file*}", utils::file);
    addQueries();
    addPartition();
    addDocuments(views, replicator);
    DeparturesEndpoint departures = new DeparturesEndpoint(replicator);
    in("GET", "/{db}/_departures", DeparturesEndpoint::list);
    in("GET", "/{db}/_departures/{id*}", DeparturesEndpoint::get);
    in("POST", "/{db}/_departures/{id*}", departures::settle);
    DeadLettersEndpoint letters = new DeadLettersEndpoint(replicator);
    in("GET", "/{db}/_dead_letters", DeadLettersEndpoint::list);
    in("POST", "/{db}/_dead_letters", letters::settleAll);
    in("POST", "/{db}/_dead_letters/{id*}", letters::settle);
    new DesignEndpoint(views, scripts).addTo(this::in);
    for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
      in(method, DESIGN + "/_rewrite", this::rewritten);
      in(method, DESIGN + "/_rewrite/{path*}", this::rewritten);
    }
  }

  private void addServer(
      Compactions compactions, Accounts accounts, Settings settings, Replicator replicator) {
    SessionEndpoint session = new SessionEndpoint(accounts);
    ServerEndpoint server = new ServerEndpoint(databases, compactions, replicator);
    ConsoleEndpoint console = new ConsoleEndpoint();
    NodeEndpoint node = new NodeEndpoint(databases);
    ConfigEndpoint config = new ConfigEndpoint(settings);
    SetupEndpoint setup = new SetupEndpoint(databases, settings);
    at("GET", "/_cluster_setup", setup::state);
    at("POST", "/_cluster_setup", setup::setUp);
    at("GET", "/", server::welcome);
    at("GET", "/_up", server::up);
    at("GET", "/_all_dbs", server::databases);
    at("GET", "/_openapi", ConsoleEndpoint::openApi);
    at("GET", "/_uuids", server::uuids);
    at("GET", "/_membership", NodeEndpoint::membership);
    at("GET", "/_active_tasks", server::tasks);
    at("POST", "/_replicate", new ReplicateEndpoint(replicator)::replicate);
    SchedulerEndpoint scheduler = new SchedulerEndpoint(replicator);
    at("GET", "/_scheduler/jobs", scheduler::jobs);
    at("GET", "/_scheduler/jobs/{id}", scheduler::job);
    at("GET", "/_scheduler/docs", scheduler::docs);
    at("GET", "/_scheduler/docs/_replicator", scheduler::docs);
    at("GET", "/_scheduler/docs/_replicator/{id}", scheduler::doc);
    at("GET", "/_session", session::get);
    at("POST", "/_session", session::logIn);
    at("DELETE", "/_session", session::logOut);
    at("GET", "/_console", console::page);
    at("GET", "/_console/{file}", console::file);
    GraphiqlEndpoint graphiql = new GraphiqlEndpoint();
    at("GET", "/_graphiql", graphiql::page);
    at("GET", "/_graphiql/{file}", graphiql::file);
    at("GET", "/_node/{node}", NodeEndpoint::name);
    at("GET", "/_node/{node}/_system", NodeEndpoint::system);
    at("GET", "/_node/{node}/_stats", node::stats);
    at("GET", "/_node/{node}/_stats/{part*}", node::stats);
    at("GET", "/_node/{node}/_config", config::get);
    at("GET", "/_node/{node}/_config/{section}", config::get);
    at("GET", "/_node/{node}/_config/{section}/{key}", config::get);
    at("PUT", "/_node/{node}/_config/{section}/{key}", config::put);
    at("DELETE", "/_node/{node}/_config/{section}/{key}", config::delete);
  }

  private void addDatabase(
      ChangesEndpoint changes, WatchEndpoint watches, Compactions compactions, ViewIndexes views) {
    StorageEndpoint storage = new StorageEndpoint(databases, compactions);
    DatabaseEndpoint whole = new DatabaseEndpoint(databases, changes, storage);
    at("GET", "/_dbs_info", whole::infos);
    at("POST", "/_dbs_info", whole::infos);
    in("GET", "/{db}", whole::info);
    at("PUT", "/{db}", whole::create);
    at("DELETE", "/{db}", whole::drop);
    in("GET", "/{db}/_security", SecurityEndpoint::get);
    in("PUT", "/{db}/_security", SecurityEndpoint::put);
    in("POST", "/{db}/_purge", new PurgeEndpoint(views)::purge);
    in("GET", "/{db}/_purged_infos", PurgeEndpoint::purged);
    in("GET", "/{db}/_purged_infos_limit", PurgeEndpoint::limit);
    in("PUT", "/{db}/_purged_infos_limit", PurgeEndpoint::setLimit);
    in("GET", "/{db}/_revs_limit", PurgeEndpoint::revsLimit);
    in("PUT", "/{db}/_revs_limit", PurgeEndpoint::setRevsLimit);
    in("GET", "/{db}/_shards", NodeEndpoint::shards);
    in("GET", "/{db}/_shards/{docid*}", NodeEndpoint::shard);
    in("POST", "/{db}/_sync_shards", NodeEndpoint::syncShards);
    in("POST", "/{db}/_ensure_full_commit", whole::ensureFullCommit);
    in("GET", "/{db}/_storage", storage::stats);
    in("POST", "/{db}/_compact", storage::compact);
    in("GET", "/{db}/_backup", storage::backup);
    in("GET", "/{db}/_changes", changes::changes);
    in("POST", "/{db}/_changes", changes::changes);
    in("GET", "/{db}/_watch", watches::watch);
    in("POST", "/{db}/_watch", watches::watch);
  }

  private void addQueries() {
    in("POST", "/{db}/_find", FindEndpoint::find);
    in("POST", "/{db}/_explain", FindEndpoint::explain);
    in("GET", "/{db}/_index", IndexEndpoint::list);
    in("POST", "/{db}/_index", IndexEndpoint::create);
    in("POST", "/{db}/_index/_bulk_delete", IndexEndpoint::deleteMany);
    in("DELETE", "/{db}/_index/{ddoc}/{name*}", IndexEndpoint::delete);
    in("POST", "/{db}/_path", PartsEndpoint::find);
    in("POST", "/{db}/_group", SummaryEndpoint::group);
    in("GET", "/{db}/_shape", SummaryEndpoint::shape);
    in("POST", "/{db}/_check_index", SummaryEndpoint::checkIndex);
    in("GET", "/{db}/_index_policy", SummaryEndpoint::indexPolicy);
    in("PUT", "/{db}/_index_policy", SummaryEndpoint::setIndexPolicy);
  }

  private void addPartition() {
    AllDocsEndpoint list = new AllDocsEndpoint(DocumentKind.ANY);
    in("GET", PARTITION, Partition::info);
    in("GET", PARTITION + "/_all_docs", list::list);
    in("POST", PARTITION + "/_all_docs", list::list);
    in("POST", PARTITION + "/_find", FindEndpoint::find);
    in("POST", PARTITION + "/_explain", FindEndpoint::explain);
  }

  private void addDocuments(ViewIndexes views, Replicator replicator) {
    DocumentEndpoint documents = new DocumentEndpoint(scripts, views);
    PartsEndpoint parts = new PartsEndpoint(scripts);
    AttachmentEndpoint attachments = new AttachmentEndpoint(scripts);
    LocalDocumentEndpoint locals = new LocalDocumentEndpoint();
    in("POST", "/{db}", documents::post);
    in("POST", "/{db}/_bulk_docs", new BulkDocsEndpoint(scripts, locals)::write);
    in("POST", "/{db}/_bulk_get", BulkGetEndpoint::get);
    in("POST", "/{db}/_revs_diff", RevisionsEndpoint::diff);
    in("POST", "/{db}/_missing_revs", RevisionsEndpoint::missing);
    in("GET", "/{db}/_open_conflicts", BasesEndpoint::conflicts);
    in("POST", "/{db}/_missing_bases", BasesEndpoint::missing);
    in("POST", "/{db}/_bases", new BasesEndpoint(scripts)::give);
    addList("/{db}/_all_docs", DocumentKind.ANY);
    addList("/{db}/_design_docs", DocumentKind.DESIGN);
    addList("/{db}/_local_docs", DocumentKind.LOCAL);
    in("GET", "/{db}/_local/{id*}", locals::get);
    in("PUT", "/{db}/_local/{id*}", locals::put);
    in("DELETE", "/{db}/_local/{id*}", locals::delete);
    for (String document : List.of(DOCUMENT, DESIGN)) {
      in(
          "GET",
          document,
          (request, database) ->
              request.segment(0).equals(Replicator.DATABASE.value())
                  ? documents.get(request, database, replicator.membersOf(request.segment(1)))
                  : documents.get(request, database));
      in("PUT", document, documents::put);
      in("DELETE", document, documents::delete);
      in("COPY", document, documents::copy);
      in("PATCH", document, parts::patch);
      in("GET", document + "/_path", PartsEndpoint::get);
      in("PUT", document + "/_path", parts::set);
      in("DELETE", document + "/_path", parts::remove);
    }
    for (String attachment : OF_ATTACHMENT) {
      in("GET", attachment, AttachmentEndpoint::get);
      in("DELETE", attachment, attachments::delete);
      at("PUT", attachment, Router::streamed);
    }
  }

  private void addList(String template, DocumentKind kind) {
    AllDocsEndpoint list = new AllDocsEndpoint(kind);
    in("GET", template, list::list);
    in("POST", template, list::list);
    in("POST", template + "/queries", list::queries);
  }

  private void at(String method, String template, Endpoint endpoint) {
    table.add(method, template, endpoint);
  }

  private void in(String method, String template, InDatabase endpoint) {
    at(method, template, request -> endpoint.answer(request, database(request)));
  }

  private Reply rewritten(Request request, Database database) throws IOException {
    request.rewrite(rewrites.of(request, database));
    admission.admitRewritten(request);
    if (request.method().equals("PUT") && OF_ATTACHMENT.contains(template(request))) {
      throw HttpException.notImplemented("an attachment that is written through _rewrite");
    }
    return route(request).answer(request);
  }

  private static Reply streamed(Request request) {
    throw new IllegalStateException("a body that is streamed has no endpoint");
  }

  /** All that there is. */
  RouteTable table() {
    return table;
  }

  @Override
  public int bodyLimit(Request request) {
    String template = template(request);
    boolean isLarge =
        OF_DOCUMENT.contains(request.method() + " " + template) || OF_MANY.contains(template);
    return isLarge ? request.limits().bulkBodyBytes() : request.limits().documentBodyBytes();
  }

  @Override
  public boolean isStreamed(Request request) {
    if (!request.method().equals("PUT")) {
      return false;
    }
    String template = template(request);
    return OF_ATTACHMENT.contains(template)
        || OF_DOCUMENT.contains("PUT " + template)
            && request.mediaType().equals(MultipartSink.RELATED);
  }

  /** Where {@code request} leads; empty if nowhere, of which {@link #answer} tells. */
  private String template(Request request) {
    try {
      RouteTable.Route route = table.find(path(request));
      return route == null ? "" : route.template();
    } catch (HttpException e) {
      return ""; // a bad URL
    }
  }

  @Override
  public StreamedBody.Sink sink(Request request) {
    admission.admit(request);
    Database found = database(request);
    return OF_ATTACHMENT.contains(template(request))
        ? new AttachmentSink(request, found, scripts)
        : new MultipartSink(request, found, scripts);
  }

  @Override
  public Reply answer(Request request) throws IOException {
    Optional<Reply> toBrowser = cors.answer(request);
    if (toBrowser.isPresent()) {
      return toBrowser.get();
    }
    admission.admit(request);
    return route(request).answer(request);
  }

  /** The endpoint for {@code request}; its answer may still be that there is no such thing. */
  private Endpoint route(Request request) {
    RouteTable.Route route = table.find(path(request));
    if (route == null) {
      throw HttpException.notFound(
          "Stave has no endpoint " + String.join("/", request.path()) + " here.");
    }
    Endpoint endpoint = route.methods().get(request.method());
    if (endpoint == null) {
      TreeSet<String> allowed = new TreeSet<>(route.methods().keySet());
      if (allowed.contains("GET")) {
        allowed.add("HEAD");
      }
      String names = String.join(",", allowed);
      throw new HttpException(
          405, "method_not_allowed", "Only " + names + " allowed", Map.of("Allow", names));
    }
    return endpoint;
  }

  /** The slash in the id of a design or a local document may be sent as it is, or as %2F. */
  private static List<String> path(Request request) {
    List<String> path = request.wholePath();
    for (String prefix : List.of("_design/", "_local/")) {
      if (path.size() > 1 && path.get(1).startsWith(prefix)) {
        List<String> split = new ArrayList<>(path);
        split.set(1, path.get(1).substring(prefix.length()));
        split.add(1, prefix.substring(0, prefix.length() - 1));
        return split;
      }
    }
    return path;
  }

  @Override
  public boolean databaseIsGone(Request request) {
    try {
      List<String> path = request.path();
      return !path.isEmpty() && databases.isGone(new DatabaseName(path.get(0)));
    } catch (HttpException | IllegalDatabaseNameException e) {
      return false; // a bad URL
    }
  }

  private Database database(Request request) {
    Optional<Database> found = databases.find(new DatabaseName(request.segment(0)));
    return found.orElseThrow(HttpException::noDatabase);
  }
}
