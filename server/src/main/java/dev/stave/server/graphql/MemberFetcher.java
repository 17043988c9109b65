package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.json.JsonOrder;
import dev.stave.server.graphql.catalogue.Place;
import dev.stave.server.graphql.catalogue.Place.Kind;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.LightDataFetcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a member of a document, or of an object in one. A value that is not of the field's kind
 * is null there, and the reply's extensions say so.
 */
final class MemberFetcher implements LightDataFetcher<@Nullable Object> {

  /** What a value of a list takes in memory while it becomes a part of the reply, about. */
  private static final int BYTES_OF_A_VALUE = 32;

  private final String name;
  private final Kind kind;
  private final @Nullable Place elements;

  /**
   * @param name the member's true name
   * @param elements of lists, what is in them
   */
  MemberFetcher(String name, Kind kind, @Nullable Place elements) {
    this.name = name;
    this.kind = kind;
    this.elements = elements;
  }

  /** The member's true name. */
  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  /** The object that a field is asked of. */
  static JsonNode object(@Nullable Object source) {
    if (source instanceof Document document) {
      return document.body().sharedTree();
    }
    if (source instanceof JsonNode node) {
      return node;
    }
    if (source instanceof Map.Entry<?, ?> entry && entry.getValue() instanceof JsonNode value) {
      return value;
    }
    throw new IllegalStateException("no object, but " + source);
  }

  @Override
  public @Nullable Object get(
      GraphQLFieldDefinition field, Object source, Supplier<DataFetchingEnvironment> environment) {
    // the value of an entry stands in it, not below it
    JsonNode value = source instanceof Map.Entry<?, ?> ? object(source) : object(source).get(name);
    return value == null ? null : given(value, kind, elements, environment);
  }

  @Override
  public @Nullable Object get(DataFetchingEnvironment environment) {
    Object source = Objects.requireNonNull(environment.getSource());
    return get(environment.getFieldDefinition(), source, () -> environment);
  }

  private static @Nullable Object given(
      JsonNode value,
      Kind kind,
      @Nullable Place elements,
      Supplier<DataFetchingEnvironment> environment) {
    boolean isOfKind =
        switch (kind) {
          case STRING -> value.isTextual();
          case NUMBER -> value.isNumber();
          case BOOLEAN -> value.isBoolean();
          case OBJECT -> value.isObject();
          case LIST -> value.isArray();
          case JSON, UNKNOWN -> true;
        };
    if (value.isNull()) {
      return null;
    }
    if (!isOfKind) {
      DataFetchingEnvironment here = environment.get();
      RequestContext.of(here)
          .noteOtherType(here.getExecutionStepInfo().getPath().toList(), JsonOrder.typeName(value));
      return null;
    }
    return switch (kind) {
      case STRING -> value.textValue();
      case NUMBER -> value.numberValue();
      case BOOLEAN -> value.booleanValue();
      case LIST -> list(value, elements, environment);
      default -> value;
    };
  }

  private static List<@Nullable Object> list(
      JsonNode array, @Nullable Place elements, Supplier<DataFetchingEnvironment> environment) {
    RequestContext.of(environment.get()).take((long) BYTES_OF_A_VALUE * array.size());
    List<@Nullable Object> list = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      list.add(
          elements == null
              ? element
              : given(element, elements.kind(), elements.elements(), environment));
    }
    return list;
  }
}
