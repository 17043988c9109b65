package dev.stave.server.graphql;

/** Some types and fields of the schema, together with what fetches them. */
@FunctionalInterface
interface SchemaPart {

  /** Adds what it is. Called once for each schema that is built, and each time it adds the same. */
  void addTo(SchemaParts parts);
}
