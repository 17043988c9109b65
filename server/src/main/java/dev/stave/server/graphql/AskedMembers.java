package dev.stave.server.graphql;

import dev.stave.document.Document;
import dev.stave.json.JsonMask;
import dev.stave.json.JsonPath;
import dev.stave.server.graphql.catalogue.Place.Kind;
import graphql.language.Field;
import graphql.language.FragmentDefinition;
import graphql.language.FragmentSpread;
import graphql.language.InlineFragment;
import graphql.language.Selection;
import graphql.language.SelectionSet;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.FieldCoordinates;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLFieldsContainer;
import graphql.schema.GraphQLInterfaceType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which members of documents a text asks for, so that the others need not be read. It depends on
 * the text and on the schema alone, and is found out once for each field that gives documents. Any
 * thread may ask.
 */
final class AskedMembers {

  private final GraphQLSchema schema;
  private final graphql.language.Document text;
  private final JsonMask typePath;
  private final Map<List<Field>, JsonMask> known = new ConcurrentHashMap<>();

  /**
   * @param typePath what tells of which type a document is
   */
  AskedMembers(GraphQLSchema schema, graphql.language.Document text, JsonPath typePath) {
    this.schema = schema;
    this.text = text;
    this.typePath = JsonMask.of(List.of(typePath));
  }

  /** The documents that a field gives, each without what is not asked of it. */
  static List<Document> narrowed(DataFetchingEnvironment environment, List<Document> documents) {
    JsonMask mask = mask(environment);
    return mask.isWhole()
        ? documents
        : documents.stream().map(document -> narrowed(document, mask)).toList();
  }

  /** As {@link #narrowed(DataFetchingEnvironment, List)}; null is of no document. */
  static @Nullable Document narrowed(
      DataFetchingEnvironment environment, @Nullable Document document) {
    return document == null ? null : narrowed(document, mask(environment));
  }

  private static Document narrowed(Document document, JsonMask mask) {
    return new Document(
        document.id(),
        document.revision(),
        document.deleted(),
        document.body().masked(mask),
        document.attachments());
  }

  private static JsonMask mask(DataFetchingEnvironment environment) {
    AskedMembers asked = environment.getGraphQlContext().get(AskedMembers.class);
    if (asked == null) {
      return JsonMask.WHOLE;
    }
    List<Field> fields = environment.getMergedField().getFields();
    JsonMask mask = asked.known.get(fields);
    if (mask == null) {
      mask = asked.below(fields, environment.getFieldType());
      asked.known.put(fields, mask);
    }
    return mask;
  }

  /** What is read of documents of {@code type} for what {@code fields} ask of them. */
  JsonMask below(List<Field> fields, GraphQLType type) {
    GraphQLType named = GraphQLTypeUtil.unwrapAll(type);
    JsonMask mask = JsonMask.NOTHING;
    for (Field field : fields) {
      mask = mask.and(of(field.getSelectionSet(), named));
    }
    return mask;
  }

  private JsonMask of(@Nullable SelectionSet selections, @Nullable GraphQLType type) {
    if (selections == null || !(type instanceof GraphQLFieldsContainer container)) {
      return JsonMask.WHOLE;
    }
    JsonMask mask = type instanceof GraphQLInterfaceType ? typePath : JsonMask.NOTHING;
    for (Selection<?> selection : selections.getSelections()) {
      mask = mask.and(of(selection, container));
    }
    return mask;
  }

  private JsonMask of(Selection<?> selection, GraphQLFieldsContainer type) {
    if (selection instanceof Field field) {
      return of(field, type);
    }
    if (selection instanceof InlineFragment fragment) {
      return of(
          fragment.getSelectionSet(),
          fragment.getTypeCondition() == null
              ? type
              : schema.getType(fragment.getTypeCondition().getName()));
    }
    if (selection instanceof FragmentSpread spread) {
      for (FragmentDefinition fragment : text.getDefinitionsOfType(FragmentDefinition.class)) {
        if (fragment.getName().equals(spread.getName())) {
          return of(
              fragment.getSelectionSet(), schema.getType(fragment.getTypeCondition().getName()));
        }
      }
    }
    return JsonMask.WHOLE;
  }

  private JsonMask of(Field field, GraphQLFieldsContainer type) {
    GraphQLFieldDefinition definition = type.getFieldDefinition(field.getName());
    if (definition == null) { // __typename
      return JsonMask.NOTHING;
    }
    MemberFetcher member = MemberField.fetcherOf(definition);
    if (member != null) {
      boolean isObject = member.kind() == Kind.OBJECT && field.getSelectionSet() != null;
      return JsonMask.of(
          Map.of(
              member.name(),
              isObject ? below(List.of(field), definition.getType()) : JsonMask.WHOLE));
    }
    DataFetcher<?> fetcher =
        schema
            .getCodeRegistry()
            .getDataFetcher(
                FieldCoordinates.coordinates(type.getName(), field.getName()), definition);
    return fetcher instanceof PartialFetcher partial ? partial.reads() : JsonMask.WHOLE;
  }
}
