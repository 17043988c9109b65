package dev.stave.server.graphql;

import dev.stave.json.JsonPath;

/** Paths that a client names in an argument. */
final class Paths {

  private static final int SHOWN = 100;

  private Paths() {}

  /**
   * Reads one as selectors do, but that brackets which are no {@code []} are taken for a slip: a
   * member with a bracket in its name is written with a backslash before it.
   *
   * @param argument whose it is
   * @throws GraphQLException with {@code BAD_REQUEST}
   */
  static JsonPath parse(String argument, String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '[' && isElements(path, i)) {
        i++;
      } else if (c == '[' || c == ']') {
        throw new GraphQLException(
            ErrorCode.BAD_REQUEST,
            "not a path: a name ends with [] for its elements; write \\[ where a bracket is part of"
                + " it",
            "argument",
            argument,
            "path",
            path.length() > SHOWN ? path.substring(0, SHOWN) + "…" : path,
            "at",
            i);
      }
    }
    return JsonPath.parse(path);
  }

  /** Whether there is a {@code []} with which a name ends. */
  private static boolean isElements(String path, int at) {
    int end = at + 2;
    return path.startsWith("[]", at)
        && (end == path.length() || path.charAt(end) == '.' || path.charAt(end) == '[');
  }
}
