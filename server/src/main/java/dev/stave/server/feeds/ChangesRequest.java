package dev.stave.server.feeds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.query.Selector;
import dev.stave.server.documents.AttachmentMembers;
import dev.stave.server.documents.HistoryMembers;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.HttpLimits;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.exchange.Request;
import dev.stave.server.script.ScriptPool;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.SelectedChanges;
import io.undertow.util.HttpString;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a client asks of {@code _changes}.
 *
 * @param since the sequence after which changes are wanted
 * @param filter which of them
 * @param leaving which of the others are told as no longer wanted
 * @param everyLeaf whether all leaves are listed, and not only the winner
 * @param moreTogether how many changes more than {@code limit} there may be where they were
 *     committed together, which is told then; 0 for a client that did not ask
 * @param members what to add to each document, as the parameters of a read say it
 * @param timeoutMillis how long to wait for a change that does not come
 * @param heartbeatMillis how often to say that the server is still there; empty for never
 */
record ChangesRequest(
    long since,
    long limit,
    boolean descending,
    ChangeFilter filter,
    ChangeFilter leaving,
    boolean everyLeaf,
    boolean includeDocs,
    int moreTogether,
    Parameters members,
    Feed feed,
    long timeoutMillis,
    OptionalLong heartbeatMillis) {

  /** How the answer goes on when all is told that there is. */
  enum Feed {
    /** It ends. */
    NORMAL,
    /** If there is nothing, it waits for one change. */
    LONGPOLL,
    /** It waits for more, a line of JSON each. */
    CONTINUOUS,
    /** It waits for more, a server-sent event each. */
    EVENTSOURCE;

    static Feed of(String name) {
      if (name.equals("live")) {
        return CONTINUOUS; // a name that CouchDB does not document, and takes
      }
      for (Feed feed : values()) {
        if (feed.name().toLowerCase(Locale.ROOT).equals(name)) {
          return feed;
        }
      }
      throw HttpException.badRequest(
          "feed is normal, longpoll, continuous or eventsource, not: " + name);
    }
  }

  private static final HttpString LAST_EVENT_ID = new HttpString("Last-Event-ID");
  private static final long DEFAULT_HEARTBEAT_MILLIS = 60_000;
  private static final long SHORTEST_HEARTBEAT_MILLIS = 100;

  static ChangesRequest parse(
      Request request, JsonNode body, Database database, ScriptPool scripts) {
    HttpLimits limits = request.limits();
    Parameters parameters = request.parameters();
    Feed feed = Feed.of(parameters.text("feed").orElse("normal"));
    long limit = parameters.number("limit").orElse(Long.MAX_VALUE);
    long timeout = parameters.number("timeout").orElse(limits.waitMillis());
    return new ChangesRequest(
        since(request, database),
        Math.max(1, limit), // CouchDB's: 0 has the same effect as 1
        parameters.flag("descending"),
        filter(request, body, database, scripts),
        leaving(parameters, body, database),
        everyLeaf(parameters),
        parameters.flag("include_docs"),
        parameters.flag("together") ? ChangesPage.MAX_MORE_TOGETHER : 0,
        members(parameters, database),
        feed,
        Math.min(timeout, limits.waitMillis()),
        heartbeat(parameters));
  }

  /** What is wrong with them is told before the reply begins. */
  private static Parameters members(Parameters parameters, Database database) {
    Parameters members = parameters.only("conflicts", "attachments", "att_encoding_info");
    HistoryMembers.check(members);
    AttachmentMembers.of(members, database);
    return members;
  }

  /** A browser that connects again says in a header where it was. */
  private static long since(Request request, Database database) {
    Parameters parameters = request.parameters();
    String since =
        parameters
            .text(parameters.either("since", "last-event-id"))
            .or(() -> request.header(LAST_EVENT_ID))
            .orElse("0");
    if (since.length() > 2 && since.startsWith("\"") && since.endsWith("\"")) {
      since = since.substring(1, since.length() - 1); // as JSON, which some clients send
    }
    return since.equals("now") ? database.lastSequence() : Parameters.number("since", since);
  }

  private static boolean everyLeaf(Parameters parameters) {
    String style = parameters.text("style").orElse("main_only");
    if (!style.equals("main_only") && !style.equals("all_docs")) {
      throw HttpException.badParameter("style is main_only or all_docs, not: " + style);
    }
    return style.equals("all_docs");
  }

  private static OptionalLong heartbeat(Parameters parameters) {
    String heartbeat = parameters.text("heartbeat").orElse("false");
    if (heartbeat.equals("false")) {
      return OptionalLong.empty();
    }
    long millis =
        heartbeat.equals("true")
            ? DEFAULT_HEARTBEAT_MILLIS
            : parameters.number("heartbeat").orElse(DEFAULT_HEARTBEAT_MILLIS);
    return OptionalLong.of(Math.max(SHORTEST_HEARTBEAT_MILLIS, millis));
  }

  private static ChangeFilter filter(
      Request request, JsonNode body, Database database, ScriptPool scripts) {
    Parameters parameters = request.parameters();
    Optional<String> filter = parameters.text("filter");
    if (filter.isEmpty()) {
      return each(change -> true);
    }
    switch (filter.get()) {
      case "_design":
        return each(change -> Document.isDesign(change.id()));
      case "_doc_ids":
        JsonNode ids = body.has("doc_ids") ? body.get("doc_ids") : idsOf(parameters);
        Set<JsonNode> wanted = new HashSet<>();
        ids.forEach(wanted::add);
        return each(change -> wanted.contains(TextNode.valueOf(change.id())));
      case "_selector":
        if (!body.has("selector")) {
          throw HttpException.badRequest("filter=_selector needs a POST with `selector`");
        }
        return new SelectedChanges(database, Selector.of(body.get("selector")))::matching;
      case "_view":
        return each(ScriptFilter.view(request, database, scripts));
      default:
        return each(ScriptFilter.function(filter.get(), request, database, scripts));
    }
  }

  /** With {@code leaving=} a sequence: what has left the filter by a change after that. */
  private static ChangeFilter leaving(Parameters parameters, JsonNode body, Database database) {
    OptionalLong after = parameters.number("leaving");
    String filter = parameters.text("filter").orElse("_doc_ids");
    if (after.isEmpty() || filter.equals("_doc_ids") || filter.equals("_design")) {
      return each(change -> false); // by the id nothing leaves
    }
    ChangeFilter left =
        filter.equals("_selector")
            ? new SelectedChanges(database, Selector.of(body.get("selector")))::leaving
            : each(change -> SelectedChanges.wasEdited(database, change));
    return (since, end) -> {
      Predicate<Change> test = left.over(since, end);
      return change -> change.sequence() > after.getAsLong() && test.test(change);
    };
  }

  /** One that looks at each change by itself. */
  private static ChangeFilter each(Predicate<Change> filter) {
    return (since, end) -> filter;
  }

  private static JsonNode idsOf(Parameters parameters) {
    JsonNode ids =
        parameters
            .json("doc_ids")
            .orElseThrow(() -> HttpException.badRequest("filter=_doc_ids needs `doc_ids`"));
    if (!ids.isArray()) {
      throw HttpException.badRequest("`doc_ids` must be an array.");
    }
    return ids;
  }
}
