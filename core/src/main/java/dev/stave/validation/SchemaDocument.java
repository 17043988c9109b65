package dev.stave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.query.InvalidSelectorException;
import dev.stave.query.Selector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document that is a schema: whom it is for, and what it says. Or why it is none. */
final class SchemaDocument {

  private static final String RULE = "spec/guide/validation.md";

  private final DocumentSchema state;
  private final Selector selector;
  private final @Nullable JsonSchema schema; // null: it is none

  private SchemaDocument(DocumentSchema state, Selector selector, @Nullable JsonSchema schema) {
    this.state = state;
    this.selector = selector;
    this.schema = schema;
  }

  static SchemaDocument of(Document document) {
    JsonNode body = document.body().sharedTree();
    List<Problem> problems = new ArrayList<>();
    if (!"schema".equals(body.path("stave").textValue())) {
      problems.add(Problem.at("/stave", "a schema document has \"schema\" here", RULE));
    }
    Selector selector = Selector.everything();
    if (body.has("selector")) {
      try {
        selector = Selector.of(body.get("selector"));
      } catch (InvalidSelectorException e) {
        problems.add(Problem.at("/selector", String.valueOf(e.getMessage()), RULE));
      }
    }
    JsonSchema schema = null;
    if (body.has("schema")) {
      JsonSchema.Compiled compiled = JsonSchema.compile(document.id(), body.get("schema"));
      problems.addAll(compiled.problems());
      schema = compiled.schema();
    } else {
      problems.add(Problem.at("/schema", "a schema document has its JSON Schema here", RULE));
    }
    DocumentSchema state = new DocumentSchema(document.id(), document.revision(), problems);
    return new SchemaDocument(state, selector, problems.isEmpty() ? schema : null);
  }

  DocumentSchema state() {
    return state;
  }

  /** What the schema says of a document; nothing if it is not for that. */
  List<Problem> check(Document document) {
    JsonNode body = document.body().sharedTree();
    return schema != null && selector.matches(document.id(), body) ? schema.check(body) : List.of();
  }
}
