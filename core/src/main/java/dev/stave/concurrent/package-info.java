/**
 * Threads: doing together what many wait for, and waits that an interrupt does not end. Not API.
 *
 * <p>Doors: {@link dev.stave.concurrent.Batcher}, {@link dev.stave.concurrent.Uninterrupted}.
 */
@NullMarked
package dev.stave.concurrent;

import org.jspecify.annotations.NullMarked;
