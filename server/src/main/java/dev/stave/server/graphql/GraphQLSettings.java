package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.StaveException;
import dev.stave.json.JsonObject;
import java.util.Iterator;
import java.util.Set;

/**
 * What a database says of its GraphQL, in the document {@value #DOCUMENT}, which replicates as all
 * do:
 *
 * <pre>{@code
 * {"type_path": "kind",
 *  "links": [{"from": "lighthouse", "path": "keeper_id", "to": "keeper", "as": "keeper", "back": "lighthouses"}]}
 * }</pre>
 */
public final class GraphQLSettings {

  public static final String DOCUMENT = "stave.graphql";

  /** As many links as there may be. */
  public static final int MAX_LINKS = 200;

  private static final Set<String> MEMBERS = Set.of("type_path", "links");
  private static final Set<String> OF_LINK = Set.of("from", "path", "to", "as", "back");

  private GraphQLSettings() {}

  /**
   * These options with what {@code settings} say.
   *
   * @throws IllegalArgumentException if they say something else than the class does
   */
  public static GraphQLOptions of(GraphQLOptions options, JsonObject settings) {
    JsonNode json = settings.sharedTree();
    requireKnown(json, MEMBERS);
    GraphQLOptions changed = options;
    try {
      if (json.has("type_path")) {
        changed = changed.typePath(text(json, "type_path"));
      }
      JsonNode links = json.path("links");
      if (!links.isMissingNode() && !links.isArray() || links.size() > MAX_LINKS) {
        throw new IllegalArgumentException("`links` is an array of at most " + MAX_LINKS);
      }
      for (JsonNode link : links) {
        requireKnown(link, OF_LINK);
        changed =
            changed.link(
                GraphQLLink.of(
                    text(link, "from"),
                    text(link, "path"),
                    text(link, "to"),
                    text(link, "as"),
                    text(link, "back")));
      }
    } catch (StaveException e) { // a path that is none
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return changed;
  }

  private static void requireKnown(JsonNode json, Set<String> names) {
    if (!json.isObject()) {
      throw new IllegalArgumentException("an object is wanted, with " + names + ", not: " + json);
    }
    for (Iterator<String> each = json.fieldNames(); each.hasNext(); ) {
      String name = each.next();
      if (!names.contains(name)) {
        throw new IllegalArgumentException("there is no setting " + name + ", but " + names);
      }
    }
  }

  private static String text(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("`" + name + "` is a string");
    }
    return value.textValue();
  }
}
