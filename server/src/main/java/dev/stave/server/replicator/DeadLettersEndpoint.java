package dev.stave.server.replicator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.revision.InvalidRevisionException;
import dev.stave.revision.RevisionId;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.DeadLetters;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@code /{db}/_dead_letters}: revisions that a replication could not give to its target, since
 * that refuses them. See {@link DeadLetters}.
 */
public final class DeadLettersEndpoint {

  private static final int ID_AT = 2; // in the path

  private final Replicator replicator;

  public DeadLettersEndpoint(Replicator replicator) {
    this.replicator = replicator;
  }

  /**
   * {@code GET /{db}/_dead_letters}: those of all replications that keep theirs here, or with
   * {@code discarded=true} the record of those that were given up.
   */
  public static Reply list(Request request, Database database) {
    DeadLetters letters = DeadLetters.of(database);
    boolean isRecord = request.parameters().flag("discarded");
    List<DeadLetter> all = isRecord ? letters.discarded() : letters.list();
    return JsonReply.page(
        request, "dead_letters", all.stream().map(DeadLettersEndpoint::toJson).toList());
  }

  /** {@code POST /{db}/_dead_letters} with {@code {"action": "retry"}}: all that wait. */
  public Reply settleAll(Request request, Database database) {
    JsonNode asked = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    if (!asked.path("action").asText().equals("retry")) {
      throw HttpException.badRequest(
          "`action` is \"retry\": what is to be given up is so one by one, at"
              + " /{db}/_dead_letters/{id}");
    }
    DeadLetters.of(database).retryAll();
    replicator.hint(database);
    return JsonReply.ok(JsonReply.okay());
  }

  /**
   * {@code POST /{db}/_dead_letters/{id}} with {@code {"action": "retry", "rev": …}}, or {@code
   * {"action": "discard", "rev": …, "reason": text}}; of several replications with {@code
   * "replication"}, or all of them.
   */
  public Reply settle(Request request, Database database) {
    JsonNode asked = request.jsonObject(request.limits().documentBodyBytes()).sharedTree();
    String action = asked.path("action").asText();
    if (!action.equals("retry") && !action.equals("discard")) {
      throw HttpException.badRequest("`action` is \"retry\" or \"discard\"");
    }
    if (action.equals("discard") && asked.path("reason").asText().isBlank()) {
      throw HttpException.badRequest("`reason` is needed to discard: it stays on record");
    }
    DeadLetters letters = DeadLetters.of(database);
    for (DeadLetter letter : named(request, letters, asked)) {
      if (action.equals("retry")) {
        letters.retry(letter);
      } else {
        letters.discard(letter, asked.path("reason").asText());
      }
    }
    replicator.hint(database);
    return JsonReply.ok(JsonReply.okay());
  }

  private static List<DeadLetter> named(Request request, DeadLetters letters, JsonNode asked) {
    String id = String.join("/", request.path().subList(ID_AT, request.path().size()));
    RevisionId revision = revision(asked.path("rev"));
    String replication = asked.path("replication").asText(); // empty for all
    List<DeadLetter> named =
        Stream.concat(letters.list().stream(), letters.discarded().stream())
            .filter(each -> each.document().equals(id) && each.revision().equals(revision))
            .filter(each -> replication.isEmpty() || each.replication().equals(replication))
            .toList();
    if (named.isEmpty()) {
      throw HttpException.notFound("there is no dead letter of this revision: it may have arrived");
    }
    return named;
  }

  private static RevisionId revision(JsonNode named) {
    try {
      return RevisionId.parse(named.asText());
    } catch (InvalidRevisionException e) {
      throw HttpException.badRequest("`rev` is the revision, as the list of dead letters has it");
    }
  }

  private static ObjectNode toJson(DeadLetter letter) {
    ObjectNode json = JsonReply.object().put("id", letter.document());
    json.put("rev", letter.revision().toString()).put("reason", letter.reason());
    json.put("peer", letter.peer()).put("replication", letter.replication());
    json.put("attempts", letter.attempts());
    json.put("first", letter.first().toString()).put("last", letter.last().toString());
    json.put("state", letter.state().name().toLowerCase(Locale.ROOT));
    if (letter.discarded() != null) {
      json.put("discarded", letter.discarded());
    }
    return json;
  }
}
