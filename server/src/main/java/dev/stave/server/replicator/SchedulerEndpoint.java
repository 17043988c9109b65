package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.util.List;

/** {@code GET /_scheduler/jobs} and {@code /_scheduler/docs}: what the replicator is about. */
public final class SchedulerEndpoint {

  private final Replicator replicator;

  public SchedulerEndpoint(Replicator replicator) {
    this.replicator = replicator;
  }

  /** {@code GET /_scheduler/jobs}. */
  public Reply jobs(Request request) {
    return JsonReply.page(request, "jobs", jobs());
  }

  /** {@code GET /_scheduler/jobs/{id}}. */
  public Reply job(Request request) {
    return one("id", request.segment(2), jobs());
  }

  /** {@code GET /_scheduler/docs}. */
  public Reply docs(Request request) {
    return JsonReply.page(request, "docs", docs());
  }

  /** {@code GET /_scheduler/docs/_replicator/{id}}. */
  public Reply doc(Request request) {
    return one("doc_id", request.segment(3), docs());
  }

  private List<ObjectNode> jobs() {
    return replicator.known().stream().map(Job::toJob).toList();
  }

  private List<ObjectNode> docs() {
    return replicator.wishes().stream().map(Wish::toJson).toList();
  }

  private static Reply one(String member, String sought, List<ObjectNode> all) {
    return all.stream()
        .filter(each -> each.path(member).asText().equals(sought))
        .findFirst()
        .map(JsonReply::ok)
        .orElseThrow(() -> HttpException.notFound("missing"));
  }
}
