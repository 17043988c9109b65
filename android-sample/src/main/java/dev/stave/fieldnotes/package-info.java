/**
 * The app as a process: {@link dev.stave.fieldnotes.FieldNotesApp} has what there is one of. Read
 * {@code data} first, then {@code sync}, then this, then {@code screens}.
 */
@NullMarked
package dev.stave.fieldnotes;

import org.jspecify.annotations.NullMarked;
