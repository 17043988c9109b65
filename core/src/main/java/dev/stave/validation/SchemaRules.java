package dev.stave.validation;

import dev.stave.document.Document;
import java.util.ArrayList;
import java.util.List;

/**
 * The JSON Schemas (draft 2020-12) of a database, compiled. Each is a document whose id begins with
 * {@value #PREFIX}, so that every replica has the same:
 *
 * <pre>{@code
 * {"stave": "schema", "selector": {"type": "order"}, "schema": {"required": ["total"]}}
 * }</pre>
 *
 * <p>Without a selector it is for all documents. It is never for Stave's own, whose ids begin with
 * {@value #OWN}: this one, comments, policies. Immutable; any thread may use it.
 */
public final class SchemaRules {

  /** Ids of Stave's own documents begin so. */
  public static final String OWN = "stave.";

  /** Ids of schemas begin so. */
  public static final String PREFIX = "stave.schema.";

  /** There are none. */
  public static final SchemaRules NONE = new SchemaRules(List.of());

  private final List<SchemaDocument> schemas;

  private SchemaRules(List<SchemaDocument> schemas) {
    this.schemas = schemas;
  }

  /** Compiles what {@code documents}, which are schemas, say. Those that are not valid are kept. */
  public static SchemaRules of(List<Document> documents) {
    List<SchemaDocument> schemas = new ArrayList<>();
    documents.forEach(document -> schemas.add(SchemaDocument.of(document)));
    return schemas.isEmpty() ? NONE : new SchemaRules(schemas);
  }

  /**
   * What is wrong with a document that somebody wants to write: with a schema, that it is none;
   * with any other, what the schemas that are in force say.
   */
  public List<Problem> problems(Document document) {
    if (document.id().startsWith(PREFIX)) {
      return SchemaDocument.of(document).state().problems();
    }
    if (schemas.isEmpty() || document.id().startsWith(OWN)) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    schemas.forEach(schema -> problems.addAll(schema.check(document)));
    return problems;
  }

  /** Each schema, in the order of their ids. */
  public List<DocumentSchema> list() {
    List<DocumentSchema> states = new ArrayList<>();
    schemas.forEach(schema -> states.add(schema.state()));
    return states;
  }
}
