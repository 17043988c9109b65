package dev.stave.server.feeds;

import dev.stave.changes.Change;

/**
 * A change that a client is told of.
 *
 * @param isLeaving whether it is one that the client does not want any more
 */
record FeedRow(Change change, boolean isLeaving) {}
