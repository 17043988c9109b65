package dev.stave.database;

import dev.stave.document.Document;
import dev.stave.query.Bookmark;
import dev.stave.query.Query;
import java.util.List;
import java.util.Optional;

/**
 * A part of a query's answer.
 *
 * @param next where to go on, by {@link Query#after}; empty if there were fewer documents than the
 *     query's limit
 */
public record Page(List<Document> documents, Optional<Bookmark> next) {
  public Page {
    documents = List.copyOf(documents);
  }
}
