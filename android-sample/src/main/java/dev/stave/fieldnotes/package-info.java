/** The data layer of the field-notes app: {@link dev.stave.fieldnotes.FieldNotes}. */
@NullMarked
package dev.stave.fieldnotes;

import org.jspecify.annotations.NullMarked;
