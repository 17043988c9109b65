/**
 * Three-way merge of JSON. Pure, no I/O.
 *
 * <p>Doors: {@link dev.stave.merge.ThreeWayMerge}, which takes a base, {@link
 * dev.stave.merge.Side}s and a {@link dev.stave.merge.MergePolicy} and gives a {@link
 * dev.stave.merge.MergeResult}; {@link dev.stave.merge.FieldDiff}, what one side changed. The rules
 * are in {@code spec/format/merge.md}.
 */
@NullMarked
package dev.stave.merge;

import org.jspecify.annotations.NullMarked;
