/**
 * JSON as Stave keeps it: exact numbers, no duplicate keys, valid UTF-8. Pure, no I/O.
 *
 * <p>Doors: {@link dev.stave.json.JsonObject}, a document's body; {@link dev.stave.json.JsonPath},
 * places in it that a selector means; {@link dev.stave.json.JsonOrder}, the order of values; {@link
 * dev.stave.json.CanonicalJson}, the bytes that revision ids are made of. Read them in this order.
 *
 * <p>Parts of a document: {@link dev.stave.json.JsonPointer}, one place in it; {@link
 * dev.stave.json.JsonPatch} and {@link dev.stave.json.MergePatch}, changes of it.
 */
@NullMarked
package dev.stave.json;

import org.jspecify.annotations.NullMarked;
