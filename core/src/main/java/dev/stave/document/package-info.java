/** A document as it is read: {@link dev.stave.document.Document}. Pure, no I/O. */
@NullMarked
package dev.stave.document;

import org.jspecify.annotations.NullMarked;
