/**
 * JSON as Stave keeps it: exact numbers, no duplicate keys, valid UTF-8. Pure, no I/O.
 *
 * <p>Doors: {@link dev.stave.json.JsonObject}, a document's body; {@link dev.stave.json.JsonPath},
 * a place in it; {@link dev.stave.json.JsonOrder}, the order of values; {@link
 * dev.stave.json.CanonicalJson}, the bytes that revision ids are made of. Read them in this order.
 */
@NullMarked
package dev.stave.json;

import org.jspecify.annotations.NullMarked;
