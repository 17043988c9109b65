/**
 * Live queries: who is to be told of which commit.
 *
 * <p>Doors: {@link dev.stave.watch.Watch}, which a caller takes events from; {@link
 * dev.stave.watch.Watches}, all of one database, which its committer tells.
 */
@NullMarked
package dev.stave.watch;

import org.jspecify.annotations.NullMarked;
