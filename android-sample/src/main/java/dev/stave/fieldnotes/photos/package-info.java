/** Photos: the camera's file, and pictures of the size of a screen or a thumbnail. */
@NullMarked
package dev.stave.fieldnotes.photos;

import org.jspecify.annotations.NullMarked;
