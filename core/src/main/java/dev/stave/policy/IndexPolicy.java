package dev.stave.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a database leaves out of its index. It costs time, and never changes an answer: where the
 * index cannot tell, documents are read.
 *
 * <p>A document of which more is left out than excluded paths is <i>partly indexed</i>: every query
 * that its id does not rule out reads it.
 *
 * <pre>{@code
 * IndexPolicy.NONE.exclude("log.lines", "items[].thumbnail").maxValuesPerDocument(5_000)
 * }</pre>
 *
 * @param excluded paths that are not indexed, and all below them; without {@code **}, and not the
 *     id's. {@code []} is any element, {@code *} any one member or element. In the order of their
 *     names, each once
 * @param maxValuesPerDocument of a document with more values only so many are indexed
 * @param maxPaths a database indexes about so many different paths; a document with another path is
 *     partly indexed. Bounds the memory that they take, where keys are data
 */
public record IndexPolicy(List<JsonPath> excluded, int maxValuesPerDocument, int maxPaths) {

  /** All is indexed. */
  public static final IndexPolicy NONE =
      new IndexPolicy(List.of(), Integer.MAX_VALUE, Integer.MAX_VALUE);

  private static final String EXCLUDE = "exclude";
  private static final String MAX_VALUES = "max_values_per_document";
  private static final String MAX_PATHS = "max_paths";

  /**
   * @throws IllegalArgumentException if a path may not be excluded, or a bound is below 1
   */
  public IndexPolicy {
    Map<String, JsonPath> byName = new TreeMap<>();
    for (JsonPath path : excluded) {
      if (path.isId() || path.steps().isEmpty() || has(path, Step.AnyDepth.class)) {
        throw new IllegalArgumentException(
            "an excluded path is not _id and has no **: \"" + path + "\"");
      }
      byName.put(path.toString(), path);
    }
    excluded = List.copyOf(byName.values());
    if (maxValuesPerDocument < 1 || maxPaths < 1) {
      throw new IllegalArgumentException(
          "the index takes at least 1 value and 1 path: "
              + maxValuesPerDocument
              + " values, "
              + maxPaths
              + " paths");
    }
  }

  private static boolean has(JsonPath path, Class<? extends Step> kind) {
    return path.steps().stream().anyMatch(kind::isInstance);
  }

  /** With these paths excluded, and all below them, beside those that are. */
  public IndexPolicy exclude(String... paths) {
    List<JsonPath> more = new ArrayList<>(excluded);
    Arrays.stream(paths).map(JsonPath::parse).forEach(more::add);
    return new IndexPolicy(more, maxValuesPerDocument, maxPaths);
  }

  /** With another bound of a document's values. */
  public IndexPolicy maxValuesPerDocument(int values) {
    return new IndexPolicy(excluded, values, maxPaths);
  }

  /** With another bound of the different paths in a database. */
  public IndexPolicy maxPaths(int paths) {
    return new IndexPolicy(excluded, maxValuesPerDocument, paths);
  }

  /** With what it excludes, and no bounds. */
  public IndexPolicy withoutBounds() {
    return new IndexPolicy(excluded, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Leaves out what either does. */
  public IndexPolicy and(IndexPolicy other) {
    if (equals(other)) {
      return this;
    }
    List<JsonPath> both = new ArrayList<>(excluded);
    both.addAll(other.excluded);
    return new IndexPolicy(
        both,
        Math.min(maxValuesPerDocument, other.maxValuesPerDocument),
        Math.min(maxPaths, other.maxPaths));
  }

  /** Whether a value at {@code path}, which may have any wildcards, may be excluded. */
  public boolean mayExclude(JsonPath path) {
    return !path.isId()
        && excluded.stream().anyMatch(hidden -> mayMeet(path.steps(), hidden.steps()));
  }

  /** Whether some path fits {@code steps}, and a beginning of it {@code hidden}. */
  private static boolean mayMeet(List<Step> steps, List<Step> hidden) {
    if (hidden.isEmpty()) {
      return true;
    }
    if (steps.isEmpty()) {
      return false;
    }
    if (steps.get(0) instanceof Step.AnyDepth) {
      return true; // it may be all of hidden, and what comes after it stand below
    }
    return mayBeOne(steps.get(0), hidden.get(0))
        && mayMeet(steps.subList(1, steps.size()), hidden.subList(1, hidden.size()));
  }

  /** A member that is a number may be a place in an array too, in a selector. */
  private static boolean mayBeOne(Step asked, Step hidden) {
    return asked.equals(hidden)
        || asked instanceof Step.Any
        || hidden instanceof Step.Any
        || (hidden instanceof Step.AnyElement
            && asked instanceof Step.Member member
            && member.elementIndex() >= 0);
  }

  /** Where a walk through a document begins. */
  public Place root() {
    return excluded.isEmpty()
        ? Place.FREE
        : new Place(excluded.stream().map(JsonPath::steps).collect(Collectors.toList()));
  }

  /** A place in a document, and what is excluded from there on. */
  public static final class Place {

    private static final Place FREE = new Place(List.of());

    private final List<List<Step>> left;

    private Place(List<List<Step>> left) {
      this.left = left;
    }

    /** The place of the member {@code name}, or with null of an element. */
    public Place below(@Nullable String name) {
      if (left.isEmpty()) {
        return this;
      }
      List<List<Step>> tails = new ArrayList<>();
      for (List<Step> steps : left) {
        Step step = steps.get(0);
        boolean fits =
            step instanceof Step.Member member
                ? member.name().equals(name)
                : step instanceof Step.Any || name == null;
        if (fits) {
          tails.add(steps.subList(1, steps.size()));
        }
      }
      return tails.isEmpty() ? FREE : new Place(tails);
    }

    /** Whether what stands here is excluded. Then nothing is asked of what is below. */
    public boolean isExcluded() {
      for (List<Step> steps : left) {
        if (steps.isEmpty()) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Reads {@code {"exclude": ["log.lines"], "max_values_per_document": 5000, "max_paths": 100000}},
   * each member of which may be missing.
   *
   * @throws IllegalArgumentException if it is something else; the message says what
   */
  public static IndexPolicy of(JsonObject json) {
    IndexPolicy policy = NONE;
    for (Map.Entry<String, JsonNode> member : json.sharedTree().properties()) {
      JsonNode value = member.getValue();
      switch (member.getKey()) {
        case EXCLUDE:
          policy = policy.exclude(texts(value));
          break;
        case MAX_VALUES:
          policy = policy.maxValuesPerDocument(number(MAX_VALUES, value));
          break;
        case MAX_PATHS:
          policy = policy.maxPaths(number(MAX_PATHS, value));
          break;
        default:
          throw new IllegalArgumentException("an index policy has no \"" + member.getKey() + "\"");
      }
    }
    return policy;
  }

  private static String[] texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      texts.add(each.isTextual() ? each.textValue() : "");
    }
    if (!value.isArray() || texts.contains("")) {
      throw new IllegalArgumentException("\"exclude\" is an array of paths, not: " + value);
    }
    return texts.toArray(new String[0]);
  }

  private static int number(String name, JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is a whole number from 1, not: " + value);
    }
    return value.intValue();
  }

  /** As {@link #of} reads it; bounds that are none are left out. */
  public JsonObject toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode paths = json.putArray(EXCLUDE);
    excluded.forEach(path -> paths.add(path.toString()));
    if (maxValuesPerDocument != Integer.MAX_VALUE) {
      json.put(MAX_VALUES, maxValuesPerDocument);
    }
    if (maxPaths != Integer.MAX_VALUE) {
      json.put(MAX_PATHS, maxPaths);
    }
    return JsonObject.of(json);
  }
}
