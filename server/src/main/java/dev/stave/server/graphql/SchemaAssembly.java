package dev.stave.server.graphql;

import dev.stave.server.graphql.catalogue.Catalogue;
import graphql.schema.GraphQLSchema;

/**
 * Puts schemas together, one after the other as the data grows: of what every schema has, and of
 * types that come from the data. Types that have not grown are shared by the schemas; a type that
 * leads to another is made anew with it. For one thread.
 */
final class SchemaAssembly {

  private final SchemaParts fixed = new SchemaParts();
  private final DataTypes data;

  SchemaAssembly(GraphQLOptions options) {
    WhereTypes wheres = new WhereTypes();
    GraphQL.PARTS.forEach(part -> part.addTo(fixed));
    wheres.addTo(fixed);
    fixed.documentInterface().directive(MemberTypes.DIRECTIVE);
    this.data = new DataTypes(options, fixed, wheres);
  }

  /** What every schema has. */
  SchemaParts fixed() {
    return fixed;
  }

  /**
   * The schema of what {@code catalogue} has now; its lock is held.
   *
   * @param isChecked whether it is held to GraphQL's rules, which takes a while
   */
  GraphQLSchema schema(Catalogue catalogue, boolean isChecked) {
    SchemaParts parts = new SchemaParts().addAll(fixed);
    data.addTo(parts, catalogue);
    return parts.build(new MapFetcher(), isChecked);
  }
}
