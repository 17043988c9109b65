package dev.stave.server.graphql;

import static dev.stave.server.graphql.DocumentFields.field;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.stave.document.Document;
import dev.stave.json.JsonPath;
import dev.stave.query.Selector;
import dev.stave.server.graphql.catalogue.Catalogue;
import dev.stave.server.graphql.catalogue.Declarations;
import dev.stave.server.graphql.catalogue.DocumentType;
import dev.stave.server.graphql.catalogue.Members;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLObjectType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The types, fields and collections that come from the data. They grow; what has not grown since
 * the schema before is what it was there. For one thread.
 */
final class DataTypes {

  private final GraphQLOptions options;
  private final SchemaParts fixed;
  private final MemberTypes objects = new MemberTypes();
  private final WhereTypes wheres;
  private final Map<DocumentType, Made> kept = new HashMap<>();
  private Declarations declarations = Declarations.NONE;
  private boolean isFull;

  /** What was made of a type of documents that had grown so far. */
  private record Made(int growth, SchemaParts parts) {}

  /**
   * @param fixed what every schema has
   */
  DataTypes(GraphQLOptions options, SchemaParts fixed, WhereTypes wheres) {
    this.options = options;
    this.fixed = fixed;
    this.wheres = wheres;
  }

  /** Adds those of {@code catalogue}. */
  void addTo(SchemaParts parts, Catalogue catalogue) {
    if (declarations != catalogue.declarations()) {
      declarations = catalogue.declarations();
      kept.clear();
      objects.forget();
    }
    if (isFull != catalogue.isFull()) {
      isFull = catalogue.isFull();
      kept.clear(); // which the descriptions say
    }
    List<DocumentType> types = catalogue.types();
    Map<String, DocumentType> byValue = new HashMap<>();
    for (DocumentType type : types) {
      if (type.value() != null) {
        byValue.put(type.value(), type);
      }
    }
    Links links = new Links(options, byValue);
    types.forEach(type -> parts.addAll(partsOf(type, links)));
    wheres.addListsTo(parts);
    JsonPath typePath = options.typePath();
    parts.resolver(
        SchemaParts.DOCUMENT,
        environment -> {
          Document document = environment.getObject();
          JsonNode value = typePath.first(MemberFetcher.object(document));
          DocumentType type = value == null ? null : byValue.get(value.textValue());
          return environment
              .getSchema()
              .getObjectType(type == null ? DocumentType.RECORD : type.name());
        });
  }

  private SchemaParts partsOf(DocumentType type, Links links) {
    Made made = kept.get(type);
    // a type that is linked leads to others, which may have grown
    if (made == null || made.growth() != type.members().growth() || links.areOf(type)) {
      SchemaParts own = new SchemaParts();
      addType(own, type, links);
      made = new Made(type.members().growth(), own);
      kept.put(type, made);
    }
    return made.parts();
  }

  private void addType(SchemaParts parts, DocumentType type, Links links) {
    Members members = type.members();
    GraphQLObjectType.Builder object = GraphQLObjectType.newObject().name(type.name());
    object.description(description(type)).withInterface(typeRef(SchemaParts.DOCUMENT));
    fixed.documentFields().forEach(object::field);
    fixed.documentFetchers().forEach((field, by) -> parts.fetcher(type.name(), field, by));
    objects.addFields(parts, object, members, declarations.of(type.value()));
    links.addTo(parts, object, type);
    parts.type(object.build());
    String connection = Connections.addFor(parts, type.name());
    List<GraphQLArgument> arguments = new ArrayList<>();
    arguments.add(
        SchemaParts.argument(
            "where", wheres.of(parts, members, true), "Conditions, all of which hold."));
    Selector selector = selectorOf(type);
    Where where = new Where(members, options);
    Aggregates.addFor(parts, type, arguments.get(0), where, selector);
    Subscriptions.addFor(parts, type, arguments.get(0), where, selector);
    arguments.addAll(Connections.arguments());
    parts.query(
        field(type.plural(), nonNull(typeRef(connection)), "Documents of the type " + type.name())
            .arguments(arguments)
            .build(),
        environment -> Connections.page(environment, where.in(environment, selector)));
  }

  private String description(DocumentType type) {
    String text =
        type.value() == null
            ? "A document without a type, or of one that has no type of its own here."
            : "A document with the "
                + options.typePath()
                + " "
                + TextNode.valueOf(MemberTypes.shown(type.value()))
                + ".";
    String declared = declarations.of(type.value()).text();
    text = declared.isEmpty() ? text : declared + "\n" + text;
    return isFull
        ? text + " There are more paths than the schema has fields: _get and _json reach all."
        : text;
  }

  private Selector selectorOf(DocumentType type) {
    ObjectNode test = JsonNodeFactory.instance.objectNode();
    String path = Where.written(options.typePath());
    if (type.value() == null) {
      ObjectNode string = JsonNodeFactory.instance.objectNode();
      string.putObject(path).put("$type", "string");
      // by De Morgan a $not would ask for a value; documents without one are meant as well
      test.putArray("$or")
          .add(
              JsonNodeFactory.instance
                  .objectNode()
                  .set(path, JsonNodeFactory.instance.objectNode().put("$exists", false)))
          .add(JsonNodeFactory.instance.objectNode().set("$not", string));
    } else {
      return Where.equal(options.typePath(), type.value());
    }
    return Selector.of(test);
  }
}
