/** How notes reach other devices: {@link dev.stave.fieldnotes.sync.Syncing} is the door. */
@NullMarked
package dev.stave.fieldnotes.sync;

import org.jspecify.annotations.NullMarked;
