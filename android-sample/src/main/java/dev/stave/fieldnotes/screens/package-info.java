/** What a user sees: an activity for each screen, of the platform's own widgets. */
@NullMarked
package dev.stave.fieldnotes.screens;

import org.jspecify.annotations.NullMarked;
