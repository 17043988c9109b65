/**
 * CouchDB's replication protocol: a database behind HTTP as a peer.
 *
 * <p>Doors: {@link dev.stave.sync.http.HttpPeer}, {@link dev.stave.sync.http.Credentials}.
 */
@NullMarked
package dev.stave.sync.http;

import org.jspecify.annotations.NullMarked;
