package dev.stave.server.graphql.catalogue;

import org.jspecify.annotations.Nullable;

/**
 * Documents that have a type of GraphQL in common.
 *
 * @param number in the order in which they were given; 0 of those that have none
 * @param value the string that tells their type; null of those that have none
 * @param members what is in their bodies
 * @param plural the field of all of them
 */
public record DocumentType(int number, @Nullable String value, Members members, String plural) {

  /** The name of the type of documents that have none of their own. */
  public static final String RECORD = "Record";

  /** The type's own name. */
  public String name() {
    return members.typeName();
  }
}
