package dev.stave.server.exchange;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints are at which paths. A path is written as {@code /{db}/_local/{docid}}: a name in
 * braces stands for any segment, with a star at its end ({@code /{db}/{docid}/{attname*}}) for all
 * segments that are left, one at least. Where two fit, the literal one counts.
 */
public final class RouteTable {

  /**
   * What is at one kind of path.
   *
   * @param methods the endpoint of each method
   */
  public record Route(String template, Map<String, Endpoint> methods) {}

  private final Node root = new Node();
  private final Map<String, Route> routes = new TreeMap<>();
  private final Map<String, Predicate<String>> names;

  /**
   * @param names which segments a name in braces may stand for, where it is not any
   */
  public RouteTable(Map<String, Predicate<String>> names) {
    this.names = Map.copyOf(names);
  }

  /** Has {@code endpoint} answer {@code method} at {@code template}. */
  public void add(String method, String template, Endpoint endpoint) {
    Route known = routes.get(template);
    if (known == null) {
      known = new Route(template, new TreeMap<>());
      routes.put(template, known);
      Node node = root;
      for (String segment : segments(template)) {
        node = node.child(segment);
      }
      node.route = known;
    }
    if (known.methods.put(method, endpoint) != null) {
      throw new IllegalStateException("two endpoints for " + method + " " + template);
    }
  }

  private static List<String> segments(String template) {
    return template.equals("/") ? List.of() : List.of(template.substring(1).split("/"));
  }

  /** What is at {@code path}; null if there is nothing. */
  public @Nullable Route find(List<String> path) {
    return root.find(path);
  }

  /** All, by template. */
  public Map<String, Route> routes() {
    return Collections.unmodifiableMap(routes);
  }

  /** The rest of all paths that begin in one way. */
  private final class Node {
    private final Map<String, Node> literals = new HashMap<>();
    private @Nullable Node any;
    private @Nullable Node all;
    private Predicate<String> accepts = segment -> true;
    private @Nullable Route route;

    Node child(String segment) {
      if (!segment.startsWith("{")) {
        return literals.computeIfAbsent(segment, same -> new Node());
      }
      boolean takesAll = segment.endsWith("*}");
      String name = segment.substring(1, segment.length() - (takesAll ? 2 : 1));
      Node known = takesAll ? all : any;
      if (known == null) {
        known = new Node();
        known.accepts = names.getOrDefault(name, known.accepts);
        if (takesAll) {
          all = known;
        } else {
          any = known;
        }
      }
      return known;
    }

    @Nullable Route find(List<String> path) {
      if (path.isEmpty()) {
        return route;
      }
      String first = path.get(0);
      Node literal = literals.get(first);
      Route found = literal == null ? null : literal.find(path.subList(1, path.size()));
      if (found == null && any != null && any.accepts.test(first)) {
        found = any.find(path.subList(1, path.size()));
      }
      return found == null && all != null && all.accepts.test(first) ? all.route : found;
    }
  }
}
