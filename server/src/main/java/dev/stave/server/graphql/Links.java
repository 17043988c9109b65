package dev.stave.server.graphql;

import static dev.stave.server.graphql.DocumentFields.field;
import static graphql.schema.GraphQLList.list;
import static graphql.schema.GraphQLNonNull.nonNull;
import static graphql.schema.GraphQLTypeReference.typeRef;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.document.Document;
import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonMask;
import dev.stave.query.Selector;
import dev.stave.server.graphql.catalogue.DocumentType;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLObjectType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The fields that lead from one document to others, as {@link GraphQLLink} says. */
final class Links {

  private final GraphQLOptions options;
  private final Map<String, DocumentType> types;

  /**
   * @param types of GraphQL, by the documents' type
   */
  Links(GraphQLOptions options, Map<String, DocumentType> types) {
    this.options = options;
    this.types = types;
  }

  /** Whether documents of {@code type} are linked, one way or the other. */
  boolean areOf(DocumentType type) {
    return options.links().stream()
        .anyMatch(link -> link.from().equals(type.value()) || link.to().equals(type.value()));
  }

  /** Adds the links of documents of {@code type}, both ways. */
  void addTo(SchemaParts parts, GraphQLObjectType.Builder object, DocumentType type) {
    for (GraphQLLink link : options.links()) {
      DocumentType from = types.get(link.from());
      DocumentType to = types.get(link.to());
      if (from != null && to != null && link.from().equals(type.value())) {
        object.field(there(link, to.name()));
        parts.fetcher(
            from.name(),
            link.as(),
            new PartialFetcher(
                LinkedPages.reads(link.path()), environment -> follow(environment, link)));
      }
      if (from != null && to != null && link.to().equals(type.value())) {
        object.field(
            field(
                    link.back(),
                    nonNull(typeRef(from.name() + Connections.SUFFIX)),
                    "Those whose " + link.path() + " is this.")
                .argument(
                    SchemaParts.argument(
                        "where",
                        typeRef(from.name() + WhereTypes.SUFFIX),
                        "Conditions, all of which hold."))
                .arguments(Connections.arguments())
                .build());
        Where where = new Where(from.members(), options);
        Selector selector = Where.equal(options.typePath(), link.from());
        parts.fetcher(
            to.name(),
            link.back(),
            new PartialFetcher(
                JsonMask.NOTHING,
                environment ->
                    Connections.linked(
                        environment,
                        where.in(environment, selector),
                        link.path(),
                        DocumentFields.source(environment).id())));
      }
    }
  }

  private static GraphQLFieldDefinition there(GraphQLLink link, String to) {
    return link.isList()
        ? field(
                link.as(),
                nonNull(list(nonNull(typeRef(to)))),
                "Those of the ids at " + link.path() + " that are there, each once.")
            .build()
        : field(link.as(), typeRef(to), "That of the id at " + link.path() + "; null if none.")
            .build();
  }

  private Object follow(DataFetchingEnvironment environment, GraphQLLink link) {
    Set<String> ids = new LinkedHashSet<>();
    link.path()
        .anyMatch(
            DocumentFields.source(environment).body().sharedTree(),
            value -> {
              if (value.isTextual() && isId(value.textValue())) {
                ids.add(value.textValue());
              }
              return ids.size() >= options.maxPageSize();
            });
    List<CompletableFuture<@Nullable Document>> loads = new ArrayList<>();
    ids.forEach(id -> loads.add(RequestContext.document(environment, id)));
    return CompletableFuture.allOf(loads.toArray(new CompletableFuture<?>[0]))
        .thenApply(
            done -> {
              List<Document> found = new ArrayList<>();
              for (CompletableFuture<@Nullable Document> load : loads) {
                Document document = load.join();
                if (document != null && isOf(document, link.to())) {
                  found.add(AskedMembers.narrowed(environment, document));
                }
              }
              return link.isList() ? found : found.isEmpty() ? null : found.get(0);
            });
  }

  private static boolean isId(String text) {
    try {
      Document.checkId(text);
      return true;
    } catch (InvalidDocumentException e) {
      return false; // no document has such an id, so the link leads nowhere
    }
  }

  private boolean isOf(Document document, String type) {
    JsonNode value = document.body().valueAt(options.typePath());
    return value != null && type.equals(value.textValue());
  }
}
