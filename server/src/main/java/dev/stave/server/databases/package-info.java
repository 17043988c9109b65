/**
 * Many databases below one folder, by name.
 *
 * <p>Doors: {@link dev.stave.server.databases.Databases}, for who serves them; {@link
 * dev.stave.server.databases.DatabaseFiles}, for who works on their files; {@link
 * dev.stave.server.databases.DatabaseName}.
 */
@NullMarked
package dev.stave.server.databases;

import org.jspecify.annotations.NullMarked;
