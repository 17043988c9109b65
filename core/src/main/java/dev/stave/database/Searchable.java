package dev.stave.database;

import dev.stave.document.Document;
import dev.stave.index.IndexSnapshot;
import dev.stave.index.PathIndex;
import dev.stave.json.JsonPath;
import dev.stave.query.Explanation;
import dev.stave.query.Group;
import dev.stave.query.GroupEngine;
import dev.stave.query.Grouping;
import dev.stave.query.KindShapes;
import dev.stave.query.Query;
import dev.stave.query.QueryEngine;
import dev.stave.query.QueryLimits;
import dev.stave.query.Selector;
import dev.stave.query.Shape;
import dev.stave.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Rows and index as of the same commit, and what can be asked of both. Close it. */
record Searchable(View view, IndexSnapshot index) implements AutoCloseable {

  static Searchable of(Storage storage, PathIndex index) {
    while (true) {
      View view = new View(storage.snapshot());
      try {
        Optional<IndexSnapshot> same = index.at(view.meta().lastSequence());
        if (same.isPresent()) {
          return new Searchable(view, same.get());
        }
      } catch (RuntimeException | Error e) {
        view.close();
        throw e;
      }
      view.close(); // the index has a newer table meanwhile: look again, newer
    }
  }

  QueryEngine.Outcome find(Query query, Predicate<Document> visitor) {
    return view.find(query, index, visitor);
  }

  Explanation explain(Query query) {
    return view.explain(query, index);
  }

  long count(Selector selector, QueryLimits limits) {
    return GroupEngine.count(selector, limits, index, view::document);
  }

  List<Group> group(Grouping grouping) {
    return GroupEngine.run(grouping, index, view::document);
  }

  Shape shape() {
    return Shape.of(index);
  }

  KindShapes kindShapes(JsonPath by, int most) {
    return KindShapes.of(index, view.meta().lastSequence(), by, most);
  }

  /** Hands over all that matches; returns the sequence of the newest change that it has seen. */
  long all(Selector selector, Consumer<Document> visitor) {
    find(
        Query.of(selector),
        document -> {
          visitor.accept(document);
          return true;
        });
    return view.meta().lastSequence();
  }

  List<String> problemsOfIndex() {
    return DatabaseCheck.problemsOfIndex(view, index);
  }

  @Override
  public void close() {
    index.close();
    view.close();
  }
}
