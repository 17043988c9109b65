/**
 * GraphQL as clients speak it: over HTTP with GET and POST, as server-sent events, and over
 * WebSocket. Begin at {@code GraphQLEndpoint}.
 */
@NullMarked
package dev.stave.server.graphql.transport;

import org.jspecify.annotations.NullMarked;
