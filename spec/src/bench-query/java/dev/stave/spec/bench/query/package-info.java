/**
 * Stave's queries, and the writes that make them possible, beside other embedded databases, each in
 * processes of its own. How to run and to read it: {@code spec/benchmarks/query.md}.
 *
 * <p>Reading order: {@code Race} (starts the children), {@code Child} (runs one {@code Job} on one
 * {@code Contender}), {@code Engine} (what all of them do), {@code Orders} and {@code Question}
 * (with which data), {@code Truth} (what is right), {@code Report}.
 */
@NullMarked
package dev.stave.spec.bench.query;

import org.jspecify.annotations.NullMarked;
