package dev.stave.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.InvalidSchemaException;
import dev.harrel.jsonschema.ValidatorFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON Schema of draft 2020-12, compiled. {@code format} describes and does not decide. What it
 * refers to is in the schema itself, or one of the drafts' own: nothing is fetched. Any thread may
 * use it.
 */
final class JsonSchema {

  static final int MAX_MESSAGE = 200;

  /** What says how a schema is written. */
  static final String RULE = "JSON Schema 2020-12";

  /** Where in its document a schema is. */
  private static final String PLACE = "/schema";

  private static final URI BASE = URI.create("stave:/schema");

  /** A schema, or why there is none. */
  record Compiled(@Nullable JsonSchema schema, List<Problem> problems) {}

  private final String id;
  private final dev.harrel.jsonschema.Validator validator =
      new ValidatorFactory()
          .withJsonNodeFactory(TreeNode.FACTORY)
          .withEvaluatorFactory(new Keywords())
          .createValidator();
  private URI uri = BASE;

  private JsonSchema(String id) {
    this.id = id;
  }

  /** Compiles the schema of the document {@code id}. */
  static Compiled compile(String id, JsonNode schema) {
    SchemaWalk walk = SchemaWalk.of(schema, BASE, PLACE);
    List<Problem> problems = new ArrayList<>(walk.problems());
    JsonSchema compiled = new JsonSchema(id);
    if (problems.isEmpty()) {
      problems.addAll(compiled.register(schema));
    }
    if (problems.isEmpty()) {
      walk.references()
          .forEach((reference, place) -> problems.addAll(compiled.follow(reference, place)));
    }
    return new Compiled(problems.isEmpty() ? compiled : null, problems);
  }

  private List<Problem> register(JsonNode schema) {
    List<Problem> problems = new ArrayList<>();
    try {
      Effort.run(false, () -> uri = validator.registerSchema(BASE, TreeNode.root(schema)));
    } catch (InvalidSchemaException e) {
      for (Error error : e.getErrors()) {
        String message = message(error);
        String place = PLACE + error.getInstanceLocation();
        problems.add(Problem.at(place, message, RULE + ", " + keyword(error)));
      }
    } catch (RuntimeException | StackOverflowError e) { // the library has no one kind for it
      problems.add(Problem.at(PLACE, "not a schema: " + e.getMessage(), RULE));
    }
    return problems;
  }

  /** Sees whether a reference leads anywhere: the library would find out with a document. */
  private List<Problem> follow(String reference, String place) {
    URI probe = URI.create("stave:/reference");
    JsonNode schema = JsonNodeFactory.instance.objectNode().put("$ref", reference);
    boolean[] isFound = {true};
    Effort.run(
        true,
        () -> {
          validator.registerSchema(probe, TreeNode.root(schema));
          for (Error error : validate(probe, NullNode.getInstance())) {
            isFound[0] &= !"$ref".equals(error.getKeyword());
          }
        });
    String message = "nothing in this document is " + reference + ", and nothing is fetched";
    return isFound[0] ? List.of() : List.of(Problem.at(PLACE + place, message, RULE));
  }

  private List<Error> validate(URI schema, JsonNode value) {
    dev.harrel.jsonschema.JsonNode node = TreeNode.root(value);
    return validator.validate(schema, node).getErrors();
  }

  /** What is wrong with {@code body}. */
  List<Problem> check(JsonNode body) {
    List<Problem> problems = new ArrayList<>();
    try {
      Effort.run(false, () -> problems.addAll(problems(validate(uri, body))));
      return problems;
    } catch (Effort.TooMuchException e) {
      return givenUp(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      return givenUp("it goes too deep for this thread");
    }
  }

  /**
   * Where a member is wrong by a pattern, the library says that it is not allowed either, as one
   * that no pattern is for: that is left out.
   */
  private List<Problem> problems(List<Error> errors) {
    Set<String> wrong = new HashSet<>();
    for (Error error : errors) {
      if (error.getKeyword() != null) {
        wrong.add(error.getInstanceLocation());
      }
    }
    List<Problem> problems = new ArrayList<>();
    for (Error error : errors) {
      if (error.getKeyword() != null || !wrong.contains(error.getInstanceLocation())) {
        problems.add(problem(error));
      }
    }
    return problems;
  }

  private List<Problem> givenUp(String why) {
    return List.of(Problem.at("", "the check was given up: " + why, id));
  }

  private Problem problem(Error error) {
    return Problem.at(error.getInstanceLocation(), message(error), rule(error));
  }

  /** The document of the schema, and in the schema the keyword. */
  private String rule(Error error) {
    String keyword = keyword(error);
    String here = uri + "#";
    return keyword.startsWith(here)
        ? id + "#" + keyword.substring(here.length())
        : id + " " + keyword;
  }

  private static String keyword(Error error) {
    String keyword = error.getKeyword();
    String location = error.getSchemaLocation();
    return keyword == null ? location : location + "/" + keyword;
  }

  /** The library's; it may have the value in it, whole. */
  private static String message(Error error) {
    return error.getKeyword() == null
        ? "not allowed here"
        : TreeNode.cut(error.getError(), MAX_MESSAGE);
  }
}
