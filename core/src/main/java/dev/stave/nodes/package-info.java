/**
 * Parts of a document by JSONPath, RFC 9535. Pure, no I/O. It is not the dotted path of selectors,
 * {@link dev.stave.json.JsonPath}, which came before it in databases and is what the index knows.
 *
 * <p>Doors: {@link dev.stave.nodes.NodeQuery}, a JSONPath expression; {@link dev.stave.nodes.Node},
 * what it finds. Inside, {@code QueryParser} makes {@code Segment}s of text, with {@code
 * NodeSelector}s in them and in filters {@code Condition}s on {@code Operand}s; an {@code
 * Evaluation} runs them; {@code IRegexp} is RFC 9485.
 */
@NullMarked
package dev.stave.nodes;

import org.jspecify.annotations.NullMarked;
