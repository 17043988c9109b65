/**
 * Map/reduce views of design documents: indexes that are brought up to date when they are read.
 *
 * <p>Door: {@link dev.stave.server.view.ViewIndexes}, which has a {@link
 * dev.stave.server.view.ViewIndex} for the views of each design document. {@code DesignViews} says
 * what a design document asks for, {@code ViewKey} how keys are ordered, {@code RowKeys} what is
 * stored, {@link dev.stave.server.view.ViewRange} which rows are meant, and {@link
 * dev.stave.server.view.Reducer} what is made of them.
 */
@NullMarked
package dev.stave.server.view;

import org.jspecify.annotations.NullMarked;
