/**
 * What can be replicated with: the port, what goes through it, and a database of this process.
 *
 * <p>Doors: {@link dev.stave.sync.peer.Peer}, {@link dev.stave.sync.peer.LocalPeer}, {@link
 * dev.stave.sync.peer.Scope}.
 */
@NullMarked
package dev.stave.sync.peer;

import org.jspecify.annotations.NullMarked;
