/**
 * Documents as they travel: JSON in which the members that begin with an underscore are CouchDB's.
 *
 * <p>Doors: {@link dev.stave.server.wire.IncomingDocument}, {@link
 * dev.stave.server.wire.OutgoingDocument}, and {@link dev.stave.server.wire.PlanJson}.
 */
@NullMarked
package dev.stave.server.wire;

import org.jspecify.annotations.NullMarked;
