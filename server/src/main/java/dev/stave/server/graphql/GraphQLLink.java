package dev.stave.server.graphql;

import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import dev.stave.server.graphql.catalogue.Names;

/**
 * Says that documents hold ids of others: {@code keeper_id} of a lighthouse that of a keeper. Each
 * side gets a field that leads to the other, as soon as both types are there.
 *
 * @param from the type of the documents that hold ids
 * @param path where: {@code keeper_id}, or {@code keeper_ids[]} of a list of ids; without wildcards
 *     and with no other lists
 * @param to the type of the documents that they are of
 * @param as the field that leads there: one document, or of a list of ids several
 * @param back the field of these that leads back, to pages of documents
 */
public record GraphQLLink(String from, JsonPath path, String to, String as, String back) {

  /**
   * @throws IllegalArgumentException if a name is none that GraphQL takes, or the path is none that
   *     leads to an id
   */
  public GraphQLLink {
    int last = path.steps().size() - 1;
    boolean isPlain =
        last >= 0
            && path.steps().get(0) instanceof Step.Member
            && path.steps().subList(0, last).stream().allMatch(Step.Member.class::isInstance)
            && (path.steps().get(last) instanceof Step.Member
                || path.steps().get(last) instanceof Step.AnyElement);
    if (!isPlain) {
      throw new IllegalArgumentException("no path of an id, or of a list of ids: " + path);
    }
    for (String name : new String[] {as, back}) {
      if (!Names.isLegal(name)) {
        throw new IllegalArgumentException("GraphQL takes no such name of a field: " + name);
      }
    }
  }

  /** With the path as selectors write it. */
  public static GraphQLLink of(String from, String path, String to, String as, String back) {
    return new GraphQLLink(from, JsonPath.parse(path), to, as, back);
  }

  /** Whether a document holds several ids. */
  boolean isList() {
    return path.steps().get(path.steps().size() - 1) instanceof Step.AnyElement;
  }
}
