/**
 * JavaScript of design documents, in a sandbox.
 *
 * <p>Door: {@link dev.stave.server.script.DesignScript}, the functions of one design document. Then
 * {@code Sandbox}, where they run: no Java is in reach, and time, memory and depth of each call are
 * bounded. {@code BoundedContext} counts, {@code Guards} sees to Rhino's own loops, {@code
 * JsonValues} takes JSON in and out, {@code Modules} is {@code require}.
 */
@NullMarked
package dev.stave.server.script;

import org.jspecify.annotations.NullMarked;
