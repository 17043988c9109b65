package dev.stave.server.graphql;

import dev.stave.server.graphql.catalogue.DocumentType;
import graphql.language.FieldDefinition;
import graphql.language.TypeName;
import graphql.schema.GraphQLFieldDefinition;
import org.jspecify.annotations.Nullable;

/**
 * What a field of a member brings along: its fetcher. So a schema that grows by one field need not
 * be told those of all the others, by name, again.
 */
final class MemberField extends FieldDefinition {

  private static final TypeName TYPE = new TypeName(DocumentType.RECORD); // which nobody looks at

  private final MemberFetcher fetcher;

  MemberField(MemberFetcher fetcher) {
    super(fetcher.name(), TYPE);
    this.fetcher = fetcher;
  }

  /** That of a field; null if it is of no member. */
  static @Nullable MemberFetcher fetcherOf(GraphQLFieldDefinition field) {
    return field.getDefinition() instanceof MemberField member ? member.fetcher : null;
  }
}
