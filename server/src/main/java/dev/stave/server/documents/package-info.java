/**
 * Documents over HTTP: one, many and lists of them, their revisions and their attachments.
 *
 * <p>Doors: the endpoints; {@code Edits} and {@code WriteRules}, which every write passes.
 */
@NullMarked
package dev.stave.server.documents;

import org.jspecify.annotations.NullMarked;
