/**
 * Where the program begins: {@link dev.stave.server.Main}.
 *
 * <p>Below it, each importing only those before it: {@code wire}, documents as they travel; {@code
 * databases}, the named databases of one data folder; {@code sample}, data to play with; {@code
 * http}, CouchDB's protocol; {@code command}, the command line.
 */
@NullMarked
package dev.stave.server;

import org.jspecify.annotations.NullMarked;
