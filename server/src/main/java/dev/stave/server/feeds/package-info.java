/**
 * What changes, over HTTP: the changes feed in all its ways, and live queries.
 *
 * <p>Doors: the endpoints.
 */
@NullMarked
package dev.stave.server.feeds;

import org.jspecify.annotations.NullMarked;
