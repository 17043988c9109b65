package dev.stave.server.graphql;

import dev.stave.json.JsonPath;
import dev.stave.server.graphql.catalogue.CatalogueTerms;
import java.util.ArrayList;
import java.util.List;

/**
 * What is a type, and what a request may cost. Immutable: each method with an argument returns
 * other options. A request over a limit is refused before anything is read, but for the time, of
 * which only the clock can tell.
 */
public final class GraphQLOptions implements Cloneable {

  /** What is usual. */
  public static final GraphQLOptions DEFAULT = new GraphQLOptions();

  /** A token has so many characters: parsing is bounded by both. */
  private static final int CHARACTERS_OF_TOKEN = 7;

  private JsonPath typePath = JsonPath.parse("type");
  private int pageSize = 20;
  private int maxPageSize = 1_000;
  private long timeMillis = 10_000;
  private boolean isIntrospectable = true;
  private List<GraphQLLink> links = List.of();
  private int maxCharacters = 105_000;
  private int maxDepth = 20;
  private int maxFields = 2_000;
  private int maxComplexity = 200_000;
  private int maxListValues = 1_000;
  private int maxTypes = 200;
  private int maxSchemaFields = 50_000;

  private GraphQLOptions() {}

  /** The path of the string that tells a document's type. */
  public JsonPath typePath() {
    return typePath;
  }

  /**
   * With another path of the type, such as {@code meta.kind}.
   *
   * @throws IllegalArgumentException if it has wildcards
   */
  public GraphQLOptions typePath(String path) {
    GraphQLOptions other = copy();
    other.typePath = JsonPath.parse(path);
    if (!other.typePath.isPlain()) {
      throw new IllegalArgumentException("the path of the type has no wildcards: " + path);
    }
    return other;
  }

  /**
   * At most so many characters in the text of a request; it also has at most a seventh as many
   * tokens.
   */
  public int maxCharacters() {
    return maxCharacters;
  }

  /** With another {@link #maxCharacters()}, at least 1. */
  public GraphQLOptions maxCharacters(int most) {
    GraphQLOptions other = copy();
    other.maxCharacters = (int) positive("maxCharacters", most);
    return other;
  }

  /** At most so many selections inside each other, fragments resolved. */
  public int maxDepth() {
    return maxDepth;
  }

  /** With another {@link #maxDepth()}, at least 1. */
  public GraphQLOptions maxDepth(int most) {
    GraphQLOptions other = copy();
    other.maxDepth = (int) positive("maxDepth", most);
    return other;
  }

  /** At most so many fields asked for, aliases and fragments resolved. */
  public int maxFields() {
    return maxFields;
  }

  /** With another {@link #maxFields()}, at least 1. */
  public GraphQLOptions maxFields(int most) {
    GraphQLOptions other = copy();
    other.maxFields = (int) positive("maxFields", most);
    return other;
  }

  /** At most so many fields asked for, those of pages times the size of the page. */
  public int maxComplexity() {
    return maxComplexity;
  }

  /** With another {@link #maxComplexity()}, at least 1. */
  public GraphQLOptions maxComplexity(int most) {
    GraphQLOptions other = copy();
    other.maxComplexity = (int) positive("maxComplexity", most);
    return other;
  }

  /** At most so many values in one list of an argument. */
  public int maxListValues() {
    return maxListValues;
  }

  /** With another {@link #maxListValues()}, at least 1. */
  public GraphQLOptions maxListValues(int most) {
    GraphQLOptions other = copy();
    other.maxListValues = (int) positive("maxListValues", most);
    return other;
  }

  /** At most so many values of the type that have a type and a collection of their own. */
  public int maxTypes() {
    return maxTypes;
  }

  /** With another {@link #maxTypes()}, at least 1. */
  public GraphQLOptions maxTypes(int most) {
    GraphQLOptions other = copy();
    other.maxTypes = (int) positive("maxTypes", most);
    return other;
  }

  /** At most so many fields that come from the data, of all types together. */
  public int maxSchemaFields() {
    return maxSchemaFields;
  }

  /** With another {@link #maxSchemaFields()}, at least 1. */
  public GraphQLOptions maxSchemaFields(int most) {
    GraphQLOptions other = copy();
    other.maxSchemaFields = (int) positive("maxSchemaFields", most);
    return other;
  }

  /** Documents on a page if nobody says how many. */
  public int pageSize() {
    return pageSize;
  }

  /** Documents on a page at most. */
  public int maxPageSize() {
    return maxPageSize;
  }

  /** With pages of {@code usual} documents if nobody says how many, and of {@code most} at most. */
  public GraphQLOptions pages(int usual, int most) {
    if (usual > most) {
      throw new IllegalArgumentException(
          "a page of " + usual + " is larger than the largest, " + most);
    }
    GraphQLOptions other = copy();
    other.pageSize = (int) positive("pageSize", usual);
    other.maxPageSize = most;
    return other;
  }

  /** How long a request may take; one for the schema alone may take 30 seconds, if that is more. */
  public long timeMillis() {
    return timeMillis;
  }

  /** With another {@link #timeMillis()}, at least 1. */
  public GraphQLOptions timeMillis(long most) {
    GraphQLOptions other = copy();
    other.timeMillis = positive("timeMillis", most);
    return other;
  }

  /** Whether a client may ask for the schema. */
  public boolean isIntrospectable() {
    return isIntrospectable;
  }

  /** With {@link #isIntrospectable()} as said. */
  public GraphQLOptions introspectable(boolean isAllowed) {
    GraphQLOptions other = copy();
    other.isIntrospectable = isAllowed;
    return other;
  }

  /** What leads from documents to others; none unless told. */
  public List<GraphQLLink> links() {
    return links;
  }

  /** With one more link. */
  public GraphQLOptions link(GraphQLLink link) {
    GraphQLOptions other = copy();
    List<GraphQLLink> more = new ArrayList<>(links);
    more.add(link);
    other.links = List.copyOf(more);
    return other;
  }

  int maxTokens() {
    return Math.max(1, maxCharacters / CHARACTERS_OF_TOKEN);
  }

  /** What the catalogue has to keep to. */
  CatalogueTerms terms() {
    List<CatalogueTerms.Field> kept = new ArrayList<>();
    for (GraphQLLink link : links) {
      kept.add(new CatalogueTerms.Field(link.from(), link.as()));
      kept.add(new CatalogueTerms.Field(link.to(), link.back()));
    }
    return new CatalogueTerms(typePath, maxTypes, maxSchemaFields, kept);
  }

  private GraphQLOptions copy() {
    try {
      return (GraphQLOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("it is cloneable", e);
    }
  }

  private static long positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is at least 1, not " + value);
    }
    return value;
  }
}
