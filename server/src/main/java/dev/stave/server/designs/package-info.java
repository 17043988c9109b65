/**
 * Functions of design documents over HTTP: views, shows, lists and updates.
 *
 * <p>Door: {@code DesignEndpoint}.
 */
@NullMarked
package dev.stave.server.designs;

import org.jspecify.annotations.NullMarked;
