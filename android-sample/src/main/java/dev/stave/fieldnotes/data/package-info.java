/**
 * What is noted, on this device: {@link dev.stave.fieldnotes.data.FieldNotes} is the door. Plain
 * Java on Stave, but for a check of the thread; copy it as it is.
 */
@NullMarked
package dev.stave.fieldnotes.data;

import org.jspecify.annotations.NullMarked;
