/**
 * Events of a database, taken one at a time when a subscriber asks for them: nobody who is slow
 * makes anything wait in memory, and no thread waits for events. Nothing of schemas or of HTTP is
 * here.
 *
 * <p>Doors: {@link dev.stave.server.graphql.live.LivePublisher} of {@link
 * dev.stave.server.graphql.live.LiveChanges} or {@link dev.stave.server.graphql.live.LiveMatches},
 * which end with {@link dev.stave.server.graphql.live.LiveSources}. Not API.
 */
@NullMarked
package dev.stave.server.graphql.live;

import org.jspecify.annotations.NullMarked;
