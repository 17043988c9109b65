package dev.stave.sync.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerChange;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** {@code _changes} of a server: page by page, and by a long poll when there is nothing more. */
final class HttpChanges {

  /** As long a poll waits for a change, in milliseconds. */
  static final long WAIT_MILLIS = 60_000;

  /** While others wait for their turn. */
  private static final long SHORT_WAIT_MILLIS = 5_000;

  private static final long SHORTEST_WAIT_MILLIS = 1_000;

  private static final String HEARTBEAT_MILLIS = "10000";

  private final HttpWire wire;
  private final Map<Waiter, Boolean> waiters = new ConcurrentHashMap<>();

  HttpChanges(HttpWire wire) {
    this.wire = wire;
  }

  /**
   * @param leavingSince after which sequence it is told what leaves; null for not at all
   * @param together whether it is told which changes were committed together
   */
  ChangesPage page(
      String since, int limit, Scope scope, @Nullable String leavingSince, boolean together) {
    Request request = request("normal", since, limit, WAIT_MILLIS, scope, leavingSince);
    if (together) {
      HttpUrl url = request.url().newBuilder().addQueryParameter("together", "true").build();
      request = request.newBuilder().url(url).build();
    }
    try (Response response = wire.sendWell(request)) {
      Page page = new Page(since);
      wire.read(response, page::read);
      long pending = page.pending;
      boolean hasMore = page.changes.size() >= limit;
      return new ChangesPage(page.changes, page.last, hasMore, pending);
    } catch (InvalidRevisionException e) {
      throw new PeerException(
          PeerException.Kind.WRONG_ANSWER, e, "a change names a revision that is none");
    }
  }

  private Request request(
      String feed,
      String since,
      int limit,
      long timeout,
      Scope scope,
      @Nullable String leavingSince) {
    HttpUrl.Builder url =
        wire.at("_changes")
            .addQueryParameter("feed", feed)
            .addQueryParameter("style", "all_docs")
            .addQueryParameter("since", since)
            .addQueryParameter("limit", Integer.toString(limit));
    if (feed.equals("longpoll")) {
      url.addQueryParameter("timeout", Long.toString(timeout));
    }
    url.addQueryParameter("heartbeat", HEARTBEAT_MILLIS);
    if (leavingSince != null && !scope.isAll()) {
      url.addQueryParameter("leaving", leavingSince);
    }
    if (scope.selector() != null) {
      return HttpWire.post(url.addQueryParameter("filter", "_selector"), body(scope)).build();
    }
    if (scope.ids() != null) {
      return HttpWire.post(url.addQueryParameter("filter", "_doc_ids"), body(scope)).build();
    }
    if (scope.filter() != null) {
      url.addQueryParameter("filter", scope.filter());
      scope.parameters().forEach(url::addQueryParameter);
    }
    return HttpWire.get(url).build();
  }

  private static byte[] body(Scope scope) {
    return HttpWire.bytes(scope.toJson());
  }

  /** What a page says, taken as it comes. */
  private static final class Page {
    final List<PeerChange> changes = new ArrayList<>();
    String last;
    long pending = -1;

    Page(String since) {
      this.last = since;
    }

    void read(JsonParser parser) throws IOException {
      boolean isWhole = false;
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          switch (name) {
            case "results":
              rows(parser);
              break;
            case "last_seq":
              last = DocumentJson.sequence(HttpWire.MAPPER.readTree(parser));
              isWhole = true;
              break;
            case "pending":
              pending = parser.getValueAsLong(-1);
              break;
            default:
              parser.skipChildren();
          }
        }
      }
      if (!isWhole) {
        throw new NoAnswerException("it has no last_seq");
      }
    }

    private void rows(JsonParser parser) throws IOException {
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        JsonNode row = HttpWire.MAPPER.readTree(parser);
        List<RevisionId> leaves = new ArrayList<>();
        row.path("changes")
            .forEach(each -> leaves.add(RevisionId.parse(each.path("rev").asText())));
        boolean isDeleted = row.path("deleted").asBoolean();
        boolean isLeaving = row.path("leaving").asBoolean();
        long together = row.path("together").asLong();
        changes.add(
            new PeerChange(row.path("id").asText(), leaves, isDeleted, isLeaving, together));
      }
    }
  }

  Peer.Waiting wait(String since, Scope scope, boolean tellsLeaving, Peer.ChangeListener listener) {
    Waiter waiter = new Waiter(since, scope, tellsLeaving, listener);
    waiters.put(waiter, true);
    waiter.poll();
    return waiter;
  }

  void close() {
    Set<Waiter> open = Set.copyOf(waiters.keySet());
    open.forEach(Waiter::close);
  }

  /** Polls again and again until there is a change. */
  private final class Waiter implements Callback, Peer.Waiting {
    private String since; // of one poll at a time
    private final Scope scope;
    private final boolean tellsLeaving;
    private final Peer.ChangeListener listener;
    private @Nullable Call call;
    private boolean closed;

    Waiter(String since, Scope scope, boolean tellsLeaving, Peer.ChangeListener listener) {
      this.since = since;
      this.scope = scope;
      this.tellsLeaving = tellsLeaving;
      this.listener = listener;
    }

    void poll() {
      boolean othersWait = wire.isBusy();
      long timeout = othersWait ? SHORT_WAIT_MILLIS : WAIT_MILLIS;
      String leavingSince = tellsLeaving ? since : null;
      Call next = wire.call(request("longpoll", since, 1, timeout, scope, leavingSince));
      synchronized (this) {
        if (closed) {
          return;
        }
        call = next;
      }
      next.enqueue(this);
    }

    @Override
    public void onResponse(Call done, Response response) {
      try (response) {
        if (!response.isSuccessful()) {
          fail(wire.failure(response));
          return;
        }
        Page page = new Page(since);
        wire.read(response, page::read);
        if (page.changes.isEmpty() && isAtOnce(response)) {
          fail(new PeerException(PeerException.Kind.BUSY, null, "the peer does not wait"));
        } else if (page.changes.isEmpty()) {
          since = page.last; // what is out of scope is not looked at again
          poll();
        } else if (end()) {
          listener.changed();
        }
      } catch (PeerException e) {
        fail(e);
      } catch (InvalidRevisionException e) {
        fail(new PeerException(PeerException.Kind.WRONG_ANSWER, e, "a revision is none"));
      }
    }

    /** To ask again and again would do nothing but that. */
    private boolean isAtOnce(Response response) {
      return System.currentTimeMillis() - response.sentRequestAtMillis() < SHORTEST_WAIT_MILLIS;
    }

    @Override
    public void onFailure(Call failed, IOException e) {
      fail(wire.unreachable(e));
    }

    private void fail(PeerException e) {
      if (end()) {
        listener.failed(e);
      }
    }

    private synchronized boolean end() {
      waiters.remove(this);
      boolean isFirst = !closed;
      closed = true;
      return isFirst;
    }

    @Override
    public void close() {
      if (end()) {
        Call running = call;
        if (running != null) {
          running.cancel();
        }
      }
    }
  }
}
