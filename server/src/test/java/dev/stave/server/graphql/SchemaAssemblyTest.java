package dev.stave.server.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.server.graphql.catalogue.Catalogue;
import graphql.schema.GraphQLArgument;
import graphql.schema.GraphQLFieldDefinition;
import graphql.schema.GraphQLInputObjectType;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLObjectType;
import graphql.schema.GraphQLSchema;
import graphql.schema.GraphQLType;
import graphql.schema.GraphQLTypeUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Schemas that are put together one after the other, and share what has not grown. */
class SchemaAssemblyTest {

  private static final GraphQLOptions LINKED =
      GraphQLOptions.DEFAULT.link(GraphQLLink.of("a", "ref", "b", "there", "back"));

  private final Database database = Database.inMemory();

  @AfterEach
  void close() {
    database.close();
  }

  private void grow(Catalogue catalogue, String body) {
    long before = catalogue.version();
    database.put("d" + database.lastSequence(), JsonObject.parse(body));
    catalogue.follow(() -> true);
    assertThat(catalogue.version()).isNotEqualTo(before);
  }

  private Catalogue catalogue(GraphQLOptions options) {
    Catalogue catalogue = Catalogue.of(database, options.terms(), name -> false, name -> false);
    grow(
        catalogue,
        "{\"type\":\"a\",\"ref\":\"x\",\"in\":{\"n\":1,\"deep\":{\"tags\":[\"t\"]}},\"l\":[{}]}");
    grow(catalogue, "{\"type\":\"b\",\"in\":{\"n\":1},\"lists\":[[1]]}");
    return catalogue;
  }

  @Test
  void schema_afterGrowth_sharesWhatHasNotGrown() {
    Catalogue catalogue = catalogue(GraphQLOptions.DEFAULT);
    SchemaAssembly assembly = new SchemaAssembly(GraphQLOptions.DEFAULT);
    GraphQLSchema before = assembly.schema(catalogue, true);

    grow(catalogue, "{\"type\":\"a\",\"in\":{\"more\":\"text\"}}");
    GraphQLSchema after = assembly.schema(catalogue, true);

    assertThat(after.getObjectType("A_in").getFieldDefinition("more")).isNotNull();
    assertThat(before.getObjectType("A_in").getFieldDefinition("more")).isNull();
    for (String same : new String[] {"B", "B_in", "A_in_deep", "BWhere", "A_in_deepWhere"}) {
      assertThat(after.getType(same)).as(same).isSameAs(before.getType(same));
    }
    for (String other : new String[] {"A", "A_in", "AWhere", "A_inWhere", "AConnection"}) {
      assertThat(after.getType(other)).as(other).isNotSameAs(before.getType(other));
    }
  }

  @Test
  void schemas_eachLeadToTypesOfTheirOwn() {
    assertEachIsWhole(GraphQLOptions.DEFAULT);
  }

  @Test
  void schemas_ofTypesThatAreLinked_eachLeadToTypesOfTheirOwn() {
    assertEachIsWhole(LINKED);
  }

  private void assertEachIsWhole(GraphQLOptions options) {
    Catalogue catalogue = catalogue(options);
    SchemaAssembly assembly = new SchemaAssembly(options);
    GraphQLSchema first = assembly.schema(catalogue, true);
    grow(catalogue, "{\"type\":\"b\",\"in\":{\"fresh\":[[\"x\"]]}}");
    GraphQLSchema second = assembly.schema(catalogue, true);
    grow(catalogue, "{\"type\":\"c\",\"x\":1}");
    GraphQLSchema third = assembly.schema(catalogue, true);

    assertWhole(first);
    assertWhole(second);
    assertWhole(third);
  }

  /** What a type leads to is what the schema has under its name. */
  private static void assertWhole(GraphQLSchema schema) {
    for (GraphQLNamedType type : schema.getAllTypesAsList()) {
      if (type instanceof GraphQLObjectType object && !type.getName().startsWith("__")) {
        for (GraphQLFieldDefinition field : object.getFieldDefinitions()) {
          assertIn(schema, field.getType(), type.getName() + "." + field.getName());
          for (GraphQLArgument argument : field.getArguments()) {
            assertIn(schema, argument.getType(), type.getName() + "." + field.getName() + "()");
          }
        }
        object.getInterfaces().forEach(each -> assertIn(schema, each, type.getName()));
      }
      if (type instanceof GraphQLInputObjectType input) {
        input.getFields().forEach(field -> assertIn(schema, field.getType(), type.getName()));
      }
    }
  }

  private static void assertIn(GraphQLSchema schema, GraphQLType type, String from) {
    GraphQLNamedType named = GraphQLTypeUtil.unwrapAll(type);
    assertThat(schema.getType(named.getName())).as(from).isSameAs(named);
  }
}
