package dev.stave.server.http;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.server.accounts.Identity;
import dev.stave.server.accounts.Security;
import dev.stave.server.accounts.UserDocuments;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.documents.DocumentPath;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Request;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who may ask what, by path and method, as CouchDB has it. The only place that knows. */
final class AccessRules {

  /** What everybody may ask, to find out whether to log in. */
  private static final Set<String> PUBLIC =
      Set.of("_up", "_session", "_uuids", "_console", "_graphiql", "_openapi", "_utils");

  /** What changes or shows a database as a whole, whoever reads and writes its documents. */
  private static final Set<String> TENDING =
      Set.of(
          "_compact",
          "_sync_shards",
          "_purge",
          "_purged_infos",
          "_view_cleanup",
          "_check_index",
          "_backup");

  /** What shows to its readers how a database is set, and is set by those who tend it. */
  private static final Set<String> SETTING =
      Set.of(
          "_security",
          "_revs_limit",
          "_purged_infos_limit",
          "_index_policy",
          "_index",
          "_departures",
          "_dead_letters");

  private final Databases databases;

  AccessRules(Databases databases) {
    this.databases = databases;
  }

  /**
   * Refuses {@code request} if its {@link Request#identity} may not ask it.
   *
   * @throws HttpException 401 for somebody who did not say who it is, 403 for others
   */
  void require(Request request) {
    Identity who = request.identity();
    List<String> path = request.path();
    requireWholeUsers(request, path);
    if (who.isAdmin() || path.isEmpty() || PUBLIC.contains(path.get(0))) {
      return;
    }
    String first = path.get(0);
    boolean isServers = first.startsWith("_") && !DatabaseName.isSystem(first);
    boolean makesOrDrops = path.size() == 1 && Set.of("PUT", "DELETE").contains(request.method());
    boolean areJobs = first.equals("_replicator"); // which have passwords in them
    if (isServers || makesOrDrops || areJobs) {
      throw request.refusal("You are not a server admin.");
    }
    Optional<Database> database = databases.find(new DatabaseName(first));
    if (database.isEmpty()) {
      return; // it is not there, and that is the answer
    }
    if (first.equals(UserDocuments.DATABASE)) {
      requireOwn(request, path);
      return;
    }
    Security security = Security.of(database.get());
    if (!security.isMember(who)) {
      throw request.refusal("You are not allowed to access this db.");
    }
    if (tends(request, path) && !security.isAdmin(who)) {
      throw request.refusal("You are not a db or server admin.");
    }
  }

  /** A user is written as a whole: that is where its password is hashed. */
  private static void requireWholeUsers(Request request, List<String> path) {
    if (path.size() > 1 && path.get(0).equals(UserDocuments.DATABASE)) {
      boolean writesPart =
          Set.of("PATCH", "COPY").contains(request.method())
              || !DocumentPath.of(path).rest().isEmpty()
                  && !path.get(1).startsWith("_")
                  && !request.method().equals("GET");
      if (writesPart) {
        throw new HttpException(
            403, "forbidden", "a user document is written as a whole, with PUT");
      }
    }
  }

  /** Of all users but administrators each sees its own document, and nothing else there. */
  private static void requireOwn(Request request, List<String> path) {
    boolean isOwn =
        path.size() > 1 && UserDocuments.maySee(request.identity(), DocumentPath.of(path).id());
    if (!isOwn) {
      throw request.refusal("You are not allowed to access this db.");
    }
  }

  private static boolean tends(Request request, List<String> path) {
    boolean reads = request.method().equals("GET");
    if (path.size() < 2) {
      return false;
    }
    String second = path.get(1);
    if (TENDING.contains(second) || SETTING.contains(second) && !reads) {
      return true;
    }
    DocumentPath document = DocumentPath.of(path);
    boolean isDesign = Document.isDesign(document.id());
    String part = document.rest().isEmpty() ? "" : document.rest().get(0);
    boolean isFunction = part.startsWith("_") && !part.equals("_path"); // that writes the document
    return isDesign && !reads && !isFunction && !request.method().equals("COPY");
  }
}
