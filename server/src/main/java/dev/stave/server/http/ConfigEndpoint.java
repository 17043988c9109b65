package dev.stave.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.json.JsonObject;
import dev.stave.server.accounts.Accounts;
import dev.stave.server.accounts.Settings;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Reply;
import dev.stave.server.exchange.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /_node/_local/_config}: what is set for the server, as texts in sections. Administrators
 * are in {@code admins}, keys of tokens in {@code jwt_keys}; what Stave does not know is kept.
 */
final class ConfigEndpoint {

  private static final String HIDDEN = "****";

  private final Settings settings;

  ConfigEndpoint(Settings settings) {
    this.settings = settings;
  }

  /** All, a section, or one value. */
  public Reply get(Request request) {
    List<String> place = place(request);
    if (place.isEmpty()) {
      ObjectNode all = JsonReply.object();
      settings.all().keySet().forEach(section -> all.set(section, section(section)));
      return JsonReply.ok(all);
    }
    if (place.size() == 1) {
      return JsonReply.ok(section(place.get(0)));
    }
    JsonNode value = section(place.get(0)).path(place.get(1));
    if (value.isMissingNode()) {
      throw HttpException.notFound("unknown_config_value");
    }
    return JsonReply.ok(value);
  }

  private ObjectNode section(String name) {
    ObjectNode section = JsonReply.object();
    settings.section(name).forEach((key, value) -> section.put(key, shown(name, key, value)));
    return section;
  }

  /** What is secret is not shown, not to administrators either. */
  private static String shown(String section, String key, String value) {
    boolean secret =
        section.equals(Accounts.ADMINS) || section.equals("jwt_keys") || key.equals("secret");
    return secret ? HIDDEN : value;
  }

  public Reply put(Request request) {
    List<String> place = place(request);
    JsonNode value = JsonObject.parseValue(request.body(request.limits().documentBodyBytes()));
    if (!value.isTextual()) {
      throw HttpException.badRequest("a value is a JSON string");
    }
    Optional<String> before = settings.get(place.get(0), place.get(1));
    if (place.get(0).equals(Accounts.ADMINS)) {
      Accounts.setAdmin(settings, place.get(1), value.textValue());
    } else {
      settings.set(place.get(0), place.get(1), value.textValue());
    }
    return was(place, before);
  }

  public Reply delete(Request request) {
    List<String> place = place(request);
    boolean isLastAdmin =
        place.get(0).equals(Accounts.ADMINS)
            && settings.section(Accounts.ADMINS).keySet().equals(Set.of(place.get(1)));
    if (isLastAdmin) {
      throw new HttpException(
          403, "forbidden", "the last administrator stays: else everybody would be one");
    }
    Optional<String> before = settings.set(place.get(0), place.get(1), null);
    if (before.isEmpty()) {
      throw HttpException.notFound("unknown_config_value");
    }
    return was(place, before);
  }

  private static Reply was(List<String> place, Optional<String> before) {
    String text = before.map(value -> shown(place.get(0), place.get(1), value)).orElse("");
    return new JsonReply(200, Map.of(), out -> out.writeTree(TextNode.valueOf(text)));
  }

  /** What follows {@code /_node/{name}/_config}. */
  private static List<String> place(Request request) {
    return request.path().subList(3, request.path().size());
  }
}
