package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.node.ArrayNode;
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

  public Reply get(Request request) {
    List<String> path = request.path();
    String what = path.size() > 1 ? path.get(1) : "";
    List<String> rest = path.subList(Math.min(2, path.size()), path.size());
    switch (what) {
      case "jobs":
        List<ObjectNode> jobs = replicator.running().stream().map(Job::toJob).toList();
        return rest.isEmpty() ? page(request, "jobs", jobs) : one("id", rest, jobs);
      case "docs":
        List<ObjectNode> docs = replicator.wishes().stream().map(Wish::toJson).toList();
        boolean isAll = rest.isEmpty() || rest.equals(List.of("_replicator"));
        return isAll ? page(request, "docs", docs) : one("doc_id", rest, docs);
      default:
        throw HttpException.notFound("the scheduler has jobs and docs");
    }
  }

  private static Reply page(Request request, String name, List<ObjectNode> all) {
    long skip = request.parameters().number("skip").orElse(0);
    long limit = request.parameters().number("limit").orElse(Long.MAX_VALUE);
    ObjectNode page = JsonReply.object().put("total_rows", all.size()).put("offset", skip);
    ArrayNode rows = page.putArray(name);
    all.stream().skip(skip).limit(limit).forEach(rows::add);
    return JsonReply.ok(page);
  }

  private static Reply one(String member, List<String> path, List<ObjectNode> all) {
    String sought = path.get(path.size() - 1);
    return all.stream()
        .filter(each -> each.path(member).asText().equals(sought))
        .findFirst()
        .map(JsonReply::ok)
        .orElseThrow(() -> HttpException.notFound("missing"));
  }
}
