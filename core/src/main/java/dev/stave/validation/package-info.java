/**
 * What documents may be: rules that a database checks on what is written to it, before anything is
 * committed. What another peer has written is taken as it is.
 *
 * <p>Doors: {@link dev.stave.validation.Validator}, a rule in code; {@link
 * dev.stave.validation.Problem}, what one says; {@link dev.stave.validation.SchemaRules}, the JSON
 * Schemas that a database keeps as documents. The guide is {@code spec/guide/validation.md}.
 */
@NullMarked
package dev.stave.validation;

import org.jspecify.annotations.NullMarked;
