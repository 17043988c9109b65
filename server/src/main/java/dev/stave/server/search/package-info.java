/**
 * Questions over HTTP: Mango, indexes, JSONPath, groups and the shape.
 *
 * <p>Doors: the endpoints.
 */
@NullMarked
package dev.stave.server.search;

import org.jspecify.annotations.NullMarked;
