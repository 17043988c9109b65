package dev.stave.fieldnotes;

import dev.stave.fieldnotes.data.FieldNotes;
import java.util.function.Consumer;

/**
 * What somebody just did and may take back on the next screen.
 *
 * @param words that say what was done: a string resource
 * @param work takes it back, on the thread of the notes
 */
public record Undo(int words, Consumer<FieldNotes> work) {}
