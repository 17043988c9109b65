/**
 * GraphQL without a schema: types, fields and arguments come from what the documents look like, and
 * grow with them. Nothing of HTTP is here.
 *
 * <p>Doors: {@link dev.stave.server.graphql.GraphQL}, which answers a {@link
 * dev.stave.server.graphql.GraphQLRequest} with a {@link dev.stave.server.graphql.GraphQLReply};
 * {@link dev.stave.server.graphql.GraphQLOptions}, what a request may cost. To read: {@code
 * GraphQL}, {@code Answering}, {@code SchemaParts}. The mapping of data to types is told in {@code
 * spec/protocol/graphql.md}.
 */
@NullMarked
package dev.stave.server.graphql;

import org.jspecify.annotations.NullMarked;
