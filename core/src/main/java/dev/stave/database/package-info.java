/**
 * The database: begin here.
 *
 * <p>Doors: {@link dev.stave.database.Database}; {@link dev.stave.database.WriteBatch} and what
 * comes of it, {@link dev.stave.database.WriteResult}; {@link dev.stave.database.Transaction};
 * {@link dev.stave.database.History}. Inside, in the order of a write: {@code Committer} (the only
 * writer), {@code Draft} (what a batch would change), {@code DocumentRows} (documents as rows),
 * {@code View} (what a reader sees).
 */
@NullMarked
package dev.stave.database;

import org.jspecify.annotations.NullMarked;
