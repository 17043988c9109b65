package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.sync.Progress;
import dev.stave.sync.peer.PeerException;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code POST /_replicate}: one replication, now; or one to be ended. */
public final class ReplicateEndpoint {

  private final Replicator replicator;

  public ReplicateEndpoint(Replicator replicator) {
    this.replicator = replicator;
  }

  public Reply replicate(Request request) {
    JsonNode json = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    if (json.path("cancel").asBoolean()) {
      return cancel(json);
    }
    ReplicationRequest wanted = ReplicationRequest.parse(json);
    Job job;
    try {
      job = replicator.begin(wanted);
    } catch (PeerException e) {
      throw failure(e);
    }
    if (wanted.options().continuous()) {
      return JsonReply.of(202, JsonReply.okay().put("_local_id", wanted.fullId()));
    }
    return same -> same.park(() -> whenOver(same, job));
  }

  private Reply cancel(JsonNode json) {
    String id =
        json.has("id")
            ? json.get("id").asText()
            : json.has("replication_id")
                ? json.get("replication_id").asText()
                : json.has("_local_id")
                    ? json.get("_local_id").asText()
                    : ReplicationRequest.parse(json).fullId();
    if (!replicator.cancel(id)) {
      throw HttpException.notFound("there is no such replication: " + id);
    }
    return JsonReply.ok(JsonReply.okay().put("_local_id", id));
  }

  /** No thread waits meanwhile. */
  private static void whenOver(Request request, Job job) {
    AtomicBoolean isOver = new AtomicBoolean();
    Runnable look =
        () -> {
          if (job.replication.progress().state().isEnd() && isOver.compareAndSet(false, true)) {
            request.resume(same -> result(job));
          }
        };
    job.replication.watch(progress -> look.run());
    look.run();
  }

  private static Reply result(Job job) {
    Progress.State state = job.replication.progress().state();
    if (state == Progress.State.STOPPED) {
      throw new HttpException(500, "replication_cancelled", "the replication was cancelled");
    }
    try {
      job.replication.await();
    } catch (PeerException e) {
      throw failure(e);
    }
    return JsonReply.ok(job.toResult());
  }

  private static HttpException failure(PeerException e) {
    String why = e.getMessage();
    return switch (e.kind()) {
      case LOGIN_REFUSED -> new HttpException(401, "unauthorized", why);
      case NOT_THERE -> new HttpException(404, "db_not_found", why);
      case REQUEST_REFUSED -> new HttpException(403, "forbidden", why);
      default -> new HttpException(500, "replication_error", why);
    };
  }
}
