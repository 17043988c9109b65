/**
 * Questions and how they are answered.
 *
 * <p>Doors: {@link dev.stave.query.Query} and in it the {@link dev.stave.query.Selector}; {@link
 * dev.stave.query.Explanation}, how an answer was found. Inside: {@code SelectorParser} (Mango's
 * JSON), {@code ValueTest} (conditions on one value), {@code Regex}, {@code Lookup} (what the index
 * says of a selector; in it {@code Ranges}), {@code QueryEngine} (from rows to documents).
 */
@NullMarked
package dev.stave.query;

import org.jspecify.annotations.NullMarked;
