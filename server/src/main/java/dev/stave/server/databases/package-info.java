/**
 * Many databases below one folder, by name.
 *
 * <p>Doors: {@link dev.stave.server.databases.Databases} and {@link
 * dev.stave.server.databases.DatabaseName}.
 */
@NullMarked
package dev.stave.server.databases;

import org.jspecify.annotations.NullMarked;
