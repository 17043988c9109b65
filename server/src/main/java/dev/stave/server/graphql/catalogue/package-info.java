/**
 * What a database's documents have in them, in GraphQL's words: types, and fields that have names
 * GraphQL takes. There are only ever more of them. Nothing of GraphQL's engine is here.
 *
 * <p>Doors: {@link dev.stave.server.graphql.catalogue.Catalogue}, which follows what is committed;
 * {@link dev.stave.server.graphql.catalogue.DocumentType} with its {@link
 * dev.stave.server.graphql.catalogue.Members}, each at a {@link
 * dev.stave.server.graphql.catalogue.Place}; {@link
 * dev.stave.server.graphql.catalogue.Declarations}, what JSON Schemas say. To read: {@code
 * Catalogue}, {@code GivenTypes}, {@code Growth}. Not API.
 */
@NullMarked
package dev.stave.server.graphql.catalogue;

import org.jspecify.annotations.NullMarked;
