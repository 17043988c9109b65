package dev.stave.server.graphql.catalogue;

import dev.stave.json.JsonPath;
import java.util.List;

/**
 * What a catalogue has to keep to.
 *
 * @param typePath the path of the string that tells a document's type
 * @param maxTypes so many types are given at most, beside that of documents that have none
 * @param maxFields so many fields of all types together
 * @param kept fields that are not for members: links have these names
 */
public record CatalogueTerms(JsonPath typePath, int maxTypes, int maxFields, List<Field> kept) {

  /**
   * A field.
   *
   * @param type the string that tells the type of the documents that have it
   */
  public record Field(String type, String name) {}

  public CatalogueTerms {
    kept = List.copyOf(kept);
  }
}
