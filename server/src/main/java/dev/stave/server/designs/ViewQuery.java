package dev.stave.server.designs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.view.DesignViews;
import dev.stave.server.view.ViewRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a view.
 *
 * @param ranges which rows; one for each of {@code keys}, if they are given
 * @param groupLevel how its rows are reduced; empty if they are not
 */
record ViewQuery(
    List<ViewRange> ranges,
    boolean byKeys,
    OptionalInt groupLevel,
    long skip,
    long limit,
    boolean includeDocs,
    boolean conflicts,
    Parameters attachments,
    boolean updateSequence,
    boolean sorted,
    Update update) {

  /** Whether the index is brought up to date. */
  enum Update {
    /** Before it is read. */
    FIRST,
    /** When it has been read. */
    LATER,
    NEVER
  }

  private static final int EXACT = Integer.MAX_VALUE;

  static ViewQuery of(Parameters parameters, DesignViews.View view) {
    JsonNode keys = parameters.json("keys").orElse(null);
    OptionalInt level = groupLevel(parameters, view);
    boolean includeDocs = parameters.flag("include_docs");
    boolean conflicts = parameters.flag("conflicts");
    if (level.isPresent() && (includeDocs || conflicts)) {
      String name = includeDocs ? "include_docs" : "conflicts";
      throw HttpException.badParameter("`" + name + "` is invalid for reduce");
    }
    if (keys != null && level.isPresent() && level.getAsInt() != EXACT) {
      throw HttpException.badParameter("Multi-key fetches for reduce views must use `group=true`");
    }
    parameters.flag("stable");
    return new ViewQuery(
        keys == null ? List.of(range(parameters)) : ranges(keys, parameters),
        keys != null,
        level,
        parameters.number("skip").orElse(0),
        parameters.number("limit").orElse(Long.MAX_VALUE),
        includeDocs,
        conflicts,
        parameters,
        parameters.flag("update_seq"),
        parameters.flag("sorted", true),
        update(parameters));
  }

  private static OptionalInt groupLevel(Parameters parameters, DesignViews.View view) {
    boolean group = parameters.flag("group");
    long level = parameters.number("group_level").orElse(0);
    if (view.reduce() == null) {
      if (parameters.flag("reduce")) {
        throw HttpException.badParameter("Reduce is invalid for map-only views.");
      }
      if (group || level > 0) {
        throw HttpException.badParameter("Invalid use of grouping on a map view.");
      }
      return OptionalInt.empty();
    }
    if (!parameters.flag("reduce", true)) {
      if (group || level > 0) {
        throw HttpException.badParameter("Invalid use of grouping on a map view.");
      }
      return OptionalInt.empty();
    }
    boolean exact = group && !parameters.has("group_level");
    return OptionalInt.of(exact ? EXACT : (int) Math.min(level, EXACT));
  }

  private static List<ViewRange> ranges(JsonNode keys, Parameters parameters) {
    for (String other : List.of("key", "startkey", "start_key", "endkey", "end_key")) {
      if (parameters.has(other)) {
        throw HttpException.badParameter("`keys` is incompatible with `" + other + "`");
      }
    }
    if (!keys.isArray()) {
      throw HttpException.badParameter("`keys` parameter must be an array.");
    }
    boolean descending = parameters.flag("descending");
    List<ViewRange> ranges = new ArrayList<>();
    keys.forEach(key -> ranges.add(ViewRange.of(key, descending)));
    if (descending) {
      Collections.reverse(ranges);
    }
    return ranges;
  }

  private static ViewRange range(Parameters parameters) {
    boolean descending = parameters.flag("descending");
    JsonNode key = parameters.json("key").orElse(null);
    JsonNode start = key == null ? json(parameters, "startkey", "start_key") : key;
    JsonNode end = key == null ? json(parameters, "endkey", "end_key") : key;
    boolean excluded = !parameters.flag("inclusive_end", true);
    ViewRange.Bound first =
        bound(start, text(parameters, "startkey_docid", "start_key_doc_id"), false);
    ViewRange.Bound last = bound(end, text(parameters, "endkey_docid", "end_key_doc_id"), excluded);
    ViewRange range =
        descending ? new ViewRange(last, first, true) : new ViewRange(first, last, false);
    if (range.isReversed()) {
      throw HttpException.badParameter(
          "No rows can match your key range, reverse your start_key and end_key or set"
              + " descending="
              + !descending);
    }
    return range;
  }

  private static ViewRange.@Nullable Bound bound(
      @Nullable JsonNode key, @Nullable String id, boolean excluded) {
    return key == null ? null : new ViewRange.Bound(key, excluded ? null : id, excluded);
  }

  private static @Nullable JsonNode json(Parameters parameters, String name, String other) {
    return parameters.json(parameters.either(name, other)).orElse(null);
  }

  /** An id, which in a body is in quotes. */
  private static @Nullable String text(Parameters parameters, String name, String other) {
    String text = parameters.text(parameters.either(name, other)).orElse(null);
    return text == null ? null : unquoted(text);
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private static Update update(Parameters parameters) {
    String stale = unquoted(parameters.text("stale").orElse(""));
    String update = unquoted(parameters.text("update").orElse("true"));
    if (!stale.isEmpty()) {
      return switch (stale) {
        case "ok" -> Update.NEVER;
        case "update_after" -> Update.LATER;
        default -> throw HttpException.badParameter("Invalid value for `stale`.");
      };
    }
    return switch (update) {
      case "true" -> Update.FIRST;
      case "lazy" -> Update.LATER;
      case "false" -> Update.NEVER;
      default -> throw HttpException.badParameter("Invalid value for `update`.");
    };
  }
}
