package dev.stave.server.graphql;

/** Some types and fields of the schema, together with what fetches them. */
@FunctionalInterface
interface SchemaPart {

  /** Adds what it is. Called once for each GraphQL that is made. */
  void addTo(SchemaParts parts);
}
