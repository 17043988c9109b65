/**
 * Replication. So far between two databases of one process, one run at a time: {@link
 * dev.stave.sync.Replication}.
 */
@NullMarked
package dev.stave.sync;

import org.jspecify.annotations.NullMarked;
