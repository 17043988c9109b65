package dev.stave.sync.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.Digest;
import dev.stave.sync.peer.DigestPart;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Digests of a Stave's database, by {@code POST /{db}/_digest}. */
final class HttpDigest {

  private HttpDigest() {}

  private static ObjectNode question(Scope scope, @Nullable String to) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    if (!scope.isAll()) {
      question.set("scope", scope.toJson());
    }
    return to == null ? question : question.put("to", to);
  }

  private static List<DigestPart> parts(HttpWire wire, ObjectNode question) {
    try (Response response = answer(wire, question)) {
      JsonNode parts = wire.read(response).path("parts");
      List<DigestPart> found = new ArrayList<>();
      for (JsonNode part : parts) {
        try {
          Digest digest =
              Digest.of(part.path("documents").asLong(-1), part.path("digest").asText());
          found.add(new DigestPart(part.path("from").asText(), digest));
        } catch (IllegalArgumentException e) {
          throw wire.wrong(response, "it has a digest that is none");
        }
      }
      if (found.isEmpty() || found.size() > Peer.MAX_DIGEST_PARTS) {
        throw wire.wrong(response, "it has too few digests or too many");
      }
      return found;
    }
  }

  private static Response answer(HttpWire wire, ObjectNode question) {
    return wire.sendWell(HttpWire.post(wire.at("_digest"), HttpWire.bytes(question)).build());
  }

  static List<DigestPart> split(
      HttpWire wire, String from, @Nullable String to, long size, Scope scope) {
    return parts(wire, question(scope, to).put("from", from).put("size", size));
  }

  static List<Digest> digests(
      HttpWire wire, List<String> bounds, @Nullable String to, Scope scope) {
    ObjectNode question = question(scope, to);
    ArrayNode asked = question.putArray("bounds");
    bounds.forEach(asked::add);
    List<Digest> digests =
        parts(wire, question).stream().map(DigestPart::digest).collect(Collectors.toList());
    if (digests.size() != bounds.size()) {
      throw new PeerException(
          PeerException.Kind.WRONG_ANSWER,
          null,
          "the peer answers with other digests than it was asked for",
          "peer",
          wire.name());
    }
    return digests;
  }

  static SortedMap<String, List<RevisionId>> leaves(
      HttpWire wire, String from, @Nullable String to, int limit, Scope scope) {
    ObjectNode question = question(scope, to).put("from", from).put("leaves", limit);
    SortedMap<String, List<RevisionId>> leaves = new TreeMap<>(Peer.ID_ORDER);
    try (Response response = answer(wire, question)) {
      for (JsonNode document : wire.read(response).path("leaves")) {
        leaves.put(document.path("id").asText(), HttpPeer.revisions(document.path("revs")));
        if (leaves.size() > limit) {
          throw wire.wrong(response, "it has more documents than were asked for");
        }
      }
    }
    return leaves;
  }
}
