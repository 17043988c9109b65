package dev.stave.server.http;

import static java.util.Map.entry;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Settings;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.databases.IllegalDatabaseNameException;
import dev.stave.server.designs.DesignEndpoint;
import dev.stave.server.documents.AllDocsEndpoint;
import dev.stave.server.documents.AttachmentEndpoint;
import dev.stave.server.documents.AttachmentSink;
import dev.stave.server.documents.BulkDocsEndpoint;
import dev.stave.server.documents.BulkGetEndpoint;
import dev.stave.server.documents.DocumentEndpoint;
import dev.stave.server.documents.DocumentKind;
import dev.stave.server.documents.DocumentPath;
import dev.stave.server.documents.LocalDocumentEndpoint;
import dev.stave.server.documents.MultipartSink;
import dev.stave.server.documents.Partition;
import dev.stave.server.documents.RevisionsEndpoint;
import dev.stave.server.exchange.Endpoint;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.InDatabase;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.server.exchange.Routes;
import dev.stave.server.exchange.StreamedBody;
import dev.stave.server.feeds.ChangesEndpoint;
import dev.stave.server.feeds.WatchEndpoint;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.search.FindEndpoint;
import dev.stave.server.search.IndexEndpoint;
import dev.stave.server.search.PartsEndpoint;
import dev.stave.server.search.SummaryEndpoint;
import dev.stave.server.view.ViewIndexes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds who answers a request, by its path and its method. */
public final class Router implements Routes {

  /** What takes the bodies or the ids of many documents. */
  private static final Set<String> OF_MANY =
      Set.of(
          "_bulk_docs",
          "_bulk_get",
          "_revs_diff",
          "_missing_revs",
          "_all_docs",
          "_design_docs",
          "_local_docs",
          "_changes");

  /** What may be asked of a partition, beside views. */
  private static final Set<String> OF_PARTITION = Set.of("_all_docs", "_find", "_explain");

  private final Databases databases;
  private final Admission admission;
  private final Cors cors;
  private final ScriptPool scripts;
  private final Map<String, Endpoint> root;
  private final Map<String, Map<String, Endpoint>> ofServer;
  private final Map<String, Map<String, Endpoint>> ofNode;
  private final Map<String, Endpoint> config;
  private final Map<String, Endpoint> consoleFile;
  private final Map<String, Endpoint> utils;
  private final Map<String, Endpoint> database;
  private final Map<String, Map<String, Endpoint>> ofDatabase;
  private final Map<String, Endpoint> local;
  private final Map<String, Endpoint> document;
  private final Map<String, Endpoint> part;
  private final Map<String, Endpoint> attachment;
  private final Map<String, Endpoint> shard = Map.of("GET", in(NodeEndpoint::shard));
  private final Map<String, Endpoint> partition = Map.of("GET", in(Partition::info));
  private final Map<String, Endpoint> index = Map.of("DELETE", in(IndexEndpoint::delete));
  private final DesignEndpoint design;

  Router(
      Databases databases,
      Admission admission,
      Cors cors,
      ChangesEndpoint changes,
      WatchEndpoint watches,
      Compactions compactions,
      DesignEndpoint design,
      ViewIndexes views,
      ScriptPool scripts,
      Accounts accounts,
      Settings settings,
      UtilsEndpoint utils) {
    SessionEndpoint session = new SessionEndpoint(accounts);
    ConfigEndpoint configuration = new ConfigEndpoint(settings);
    ServerEndpoint server = new ServerEndpoint(databases, compactions);
    ConsoleEndpoint console = new ConsoleEndpoint();
    StorageEndpoint storage = new StorageEndpoint(databases, compactions);
    DatabaseEndpoint whole = new DatabaseEndpoint(databases, changes, storage);
    DocumentEndpoint documents = new DocumentEndpoint(scripts, views);
    PartsEndpoint parts = new PartsEndpoint(scripts);
    LocalDocumentEndpoint locals = new LocalDocumentEndpoint();
    Endpoint changed = in(changes::changes);
    Endpoint watched = in(watches::watch);
    this.databases = databases;
    this.admission = admission;
    this.cors = cors;
    this.scripts = scripts;
    this.design = design;
    this.root = Map.of("GET", server::welcome);
    SetupEndpoint setup = new SetupEndpoint(databases, settings);
    this.ofServer =
        Map.ofEntries(
            entry("_up", Map.of("GET", server::up)),
            entry("_all_dbs", Map.of("GET", server::databases)),
            entry("_dbs_info", Map.of("GET", whole::infos, "POST", whole::infos)),
            entry("_uuids", Map.of("GET", server::uuids)),
            entry("_membership", Map.of("GET", NodeEndpoint::membership)),
            entry("_active_tasks", Map.of("GET", server::tasks)),
            entry("_cluster_setup", Map.of("GET", setup::state, "POST", setup::setUp)),
            entry(
                "_session",
                Map.of("GET", session::get, "POST", session::logIn, "DELETE", session::logOut)),
            entry("_console", Map.of("GET", console::page)));
    NodeEndpoint node = new NodeEndpoint(databases);
    this.ofNode =
        Map.of(
            "", Map.of("GET", NodeEndpoint::name),
            "_system", Map.of("GET", NodeEndpoint::system),
            "_stats", Map.of("GET", node::stats));
    this.config =
        Map.of(
            "GET", configuration::get,
            "PUT", configuration::put,
            "DELETE", configuration::delete);
    this.consoleFile = Map.of("GET", console::file);
    this.utils = Map.of("GET", utils::file);
    this.database =
        Map.of(
            "GET",
            in(whole::info),
            "PUT",
            whole::create,
            "DELETE",
            whole::drop,
            "POST",
            in(documents::post));
    this.ofDatabase =
        Map.ofEntries(
            entry("_bulk_docs", Map.of("POST", in(new BulkDocsEndpoint(scripts)::write))),
            entry("_bulk_get", Map.of("POST", in(BulkGetEndpoint::get))),
            entry("_revs_diff", Map.of("POST", in(RevisionsEndpoint::diff))),
            entry("_missing_revs", Map.of("POST", in(RevisionsEndpoint::missing))),
            entry(
                "_security",
                Map.of("GET", in(SecurityEndpoint::get), "PUT", in(SecurityEndpoint::put))),
            entry("_ensure_full_commit", Map.of("POST", in(whole::ensureFullCommit))),
            entry("_all_docs", list(DocumentKind.ANY)),
            entry("_design_docs", list(DocumentKind.DESIGN)),
            entry("_local_docs", list(DocumentKind.LOCAL)),
            entry("_all_docs/queries", lists(DocumentKind.ANY)),
            entry("_design_docs/queries", lists(DocumentKind.DESIGN)),
            entry("_local_docs/queries", lists(DocumentKind.LOCAL)),
            entry("_find", Map.of("POST", in(FindEndpoint::find))),
            entry("_explain", Map.of("POST", in(FindEndpoint::explain))),
            entry(
                "_index",
                Map.of("GET", in(IndexEndpoint::list), "POST", in(IndexEndpoint::create))),
            entry("_index/_bulk_delete", Map.of("POST", in(IndexEndpoint::deleteMany))),
            entry("_path", Map.of("POST", in(PartsEndpoint::find))),
            entry("_shards", Map.of("GET", in(NodeEndpoint::shards))),
            entry("_sync_shards", Map.of("POST", in(NodeEndpoint::syncShards))),
            entry("_view_cleanup", Map.of("POST", in(design::cleanUp))),
            entry("_changes", Map.of("GET", changed, "POST", changed)),
            entry("_watch", Map.of("GET", watched, "POST", watched)),
            entry("_storage", Map.of("GET", in(storage::stats))),
            entry("_compact", Map.of("POST", in(storage::compact))),
            entry("_backup", Map.of("GET", in(storage::backup))),
            entry("_group", Map.of("POST", in(SummaryEndpoint::group))),
            entry("_check_index", Map.of("POST", in(SummaryEndpoint::checkIndex))),
            entry(
                "_index_policy",
                Map.of(
                    "GET",
                    in(SummaryEndpoint::indexPolicy),
                    "PUT",
                    in(SummaryEndpoint::setIndexPolicy))),
            entry("_shape", Map.of("GET", in(SummaryEndpoint::shape))));
    this.local =
        Map.of("GET", in(locals::get), "PUT", in(locals::put), "DELETE", in(locals::delete));
    this.document =
        Map.of(
            "GET",
            in(documents::get),
            "PUT",
            in(documents::put),
            "DELETE",
            in(documents::delete),
            "COPY",
            in(documents::copy),
            "PATCH",
            in(parts::patch));
    this.part =
        Map.of("GET", in(PartsEndpoint::get), "PUT", in(parts::set), "DELETE", in(parts::remove));
    this.attachment =
        Map.of(
            "GET",
            in(AttachmentEndpoint::get),
            "PUT",
            request -> {
              throw new IllegalStateException("a body that is streamed has no endpoint");
            },
            "DELETE",
            in(new AttachmentEndpoint(scripts)::delete));
  }

  @Override
  public int bodyLimit(Request request) {
    return isOfMany(request) || isOfDocument(request)
        ? request.limits().bulkBodyBytes()
        : request.limits().documentBodyBytes();
  }

  private static boolean isOfMany(Request request) {
    try {
      List<String> path = request.path();
      return path.size() > 1
          && (OF_MANY.contains(path.get(1)) || path.contains(DesignEndpoint.VIEW));
    } catch (HttpException e) {
      return false; // a bad URL: route() says so where it is answered
    }
  }

  /** A document may have attachments with it, and is measured without them when it is read. */
  private boolean isOfDocument(Request request) {
    try {
      Map<String, Endpoint> place = at(request.path());
      return request.method().equals("PUT") && place == document
          || request.method().equals("POST") && place == database;
    } catch (HttpException e) {
      return false; // route() says so where it is answered
    }
  }

  @Override
  public boolean isStreamed(Request request) {
    try {
      return request.method().equals("PUT")
          && request.partition().isEmpty()
          && (at(request.path()) == attachment
              || (at(request.path()) == document && isRelated(request)));
    } catch (HttpException e) {
      return false; // route() says so where it is answered
    }
  }

  private static boolean isRelated(Request request) {
    return request.mediaType().equals(MultipartSink.RELATED);
  }

  @Override
  public StreamedBody.Sink sink(Request request) {
    admission.admit(request);
    Database found = database(request);
    return at(request.path()) == document
        ? new MultipartSink(request, found, scripts)
        : new AttachmentSink(request, found, scripts);
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

  /** What there is of a partition. */
  private Map<String, Endpoint> atPartition(List<String> path) {
    if (path.size() == 1) {
      return partition;
    }
    boolean isView = path.size() > 2 && path.get(path.size() - 2).equals(DesignEndpoint.VIEW);
    boolean isKnown = isView || path.size() == 2 && OF_PARTITION.contains(path.get(1));
    return known(
        isKnown ? at(path) : null,
        "_partition/…/" + String.join("/", path.subList(1, path.size())));
  }

  /** The endpoint for {@code request}; its answer may still be that there is no such thing. */
  private Endpoint route(Request request) {
    List<String> path = request.path();
    Map<String, Endpoint> methods = request.partition().isPresent() ? atPartition(path) : at(path);
    Endpoint endpoint = methods.get(request.method());
    if (endpoint == null) {
      TreeSet<String> allowed = new TreeSet<>(methods.keySet());
      if (allowed.contains("GET")) {
        allowed.add("HEAD");
      }
      String names = String.join(",", allowed);
      throw new HttpException(
          405, "method_not_allowed", "Only " + names + " allowed", Map.of("Allow", names));
    }
    return endpoint;
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

  private Map<String, Endpoint> at(List<String> path) {
    if (path.isEmpty()) {
      return root;
    }
    String first = path.get(0);
    if (first.equals("_console") && path.size() == 2) {
      return consoleFile;
    }
    if (first.equals("_utils")) {
      return utils;
    }
    if (first.equals("_node") && path.size() > 1) {
      String of = path.size() > 2 ? path.get(2) : "";
      return of.equals("_config") ? config : known(ofNode.get(of), "_node/…/" + of);
    }
    if (first.startsWith("_") && !DatabaseName.isSystem(first)) {
      return known(path.size() == 1 ? ofServer.get(first) : null, first);
    }
    if (path.size() == 1) {
      return database;
    }
    String second = path.get(1);
    if (second.equals("_local") || second.startsWith("_local/")) {
      return local;
    }
    boolean design = second.equals("_design") || second.startsWith(Document.DESIGN_PREFIX);
    if (second.startsWith("_") && !design) {
      String name = String.join("/", path.subList(1, path.size()));
      if (second.equals("_index") && path.size() > 3) {
        return index;
      }
      if (second.equals("_shards") && path.size() == 3) {
        return shard;
      }
      Map<String, Endpoint> compactOne = this.design.compaction(path, this::in);
      return compactOne != null ? compactOne : known(ofDatabase.get(name), name);
    }
    List<String> rest = DocumentPath.of(path).rest();
    if (rest.isEmpty()) {
      return document;
    }
    if (rest.equals(List.of("_path"))) {
      return part;
    }
    Map<String, Endpoint> ofDesign = design ? this.design.at(rest, this::in) : null;
    if (ofDesign != null) {
      return ofDesign;
    }
    if (design && rest.get(0).startsWith("_")) {
      throw HttpException.notImplemented(rest.get(0)); // no attachment is named so
    }
    return attachment;
  }

  private Map<String, Endpoint> list(DocumentKind kind) {
    Endpoint list = in(new AllDocsEndpoint(kind)::list);
    return Map.of("GET", list, "POST", list);
  }

  private Map<String, Endpoint> lists(DocumentKind kind) {
    return Map.of("POST", in(new AllDocsEndpoint(kind)::queries));
  }

  private static Map<String, Endpoint> known(@Nullable Map<String, Endpoint> methods, String name) {
    if (methods == null) {
      throw HttpException.notFound("Stave has no endpoint " + name + " here.");
    }
    return methods;
  }

  private Endpoint in(InDatabase endpoint) {
    return request -> endpoint.answer(request, database(request));
  }

  private Database database(Request request) {
    Optional<Database> found = databases.find(new DatabaseName(request.segment(0)));
    return found.orElseThrow(HttpException::noDatabase);
  }
}
