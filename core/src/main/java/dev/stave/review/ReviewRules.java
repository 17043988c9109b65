package dev.stave.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.merge.InvalidMergePolicyException;
import dev.stave.merge.MergePolicy;
import dev.stave.query.InvalidSelectorException;
import dev.stave.query.Selector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * How the conflicts of a database are settled. It is kept as the document {@value #DOCUMENT}, so
 * that every replica has the same:
 *
 * <pre>{@code
 * {"stave": "merge_policy", "policy": {"rules": […]}, "reviews": [{"selector": {…}, "role": "editor"}]}
 * }</pre>
 *
 * @param policy how clashes are settled
 * @param reviews what is not merged by policy until somebody has approved it
 */
public record ReviewRules(MergePolicy policy, List<Required> reviews) {

  /** The id of the document that they are kept as. */
  public static final String DOCUMENT = "stave.merge_policy";

  /** What fits is merged, and all else is a person's to settle. */
  public static final ReviewRules NONE = new ReviewRules(MergePolicy.NONE, List.of());

  /** Conflicts of documents that match, on any side, wait for an approval by that role. */
  public record Required(Selector selector, JsonObject written, String role) {

    /**
     * @param selector as JSON
     * @throws InvalidSelectorException if it is none
     */
    public static Required by(String role, String selector) {
      JsonObject written = JsonObject.parse(selector);
      return new Required(Selector.of(written.sharedTree()), written, role);
    }
  }

  public ReviewRules {
    reviews = List.copyOf(reviews);
  }

  /** With one more required review. */
  public ReviewRules with(Required review) {
    List<Required> more = new ArrayList<>(reviews);
    more.add(review);
    return new ReviewRules(policy, more);
  }

  /**
   * Reads what {@link #toJson} writes; {@code policy} and {@code reviews} may be missing.
   *
   * @throws InvalidMergePolicyException if it is anything else
   */
  public static ReviewRules of(JsonObject json) {
    MergePolicy policy = MergePolicy.NONE;
    List<Required> reviews = new ArrayList<>();
    Iterator<String> names = json.sharedTree().fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      JsonNode value = json.sharedTree().get(name);
      switch (name) {
        case "stave" -> {} // what kind of document it is
        case "policy" -> {
          if (!(value instanceof ObjectNode object)) {
            throw new InvalidMergePolicyException("a policy is an object", "/policy");
          }
          policy = MergePolicy.of(JsonObject.of(object));
        }
        case "reviews" -> {
          if (!value.isArray()) {
            throw new InvalidMergePolicyException("reviews are an array", "/reviews");
          }
          for (int i = 0; i < value.size(); i++) {
            reviews.add(required(value.get(i), "/reviews/" + i));
          }
        }
        default ->
            throw new InvalidMergePolicyException("there are policy and reviews", "/" + name);
      }
    }
    return new ReviewRules(policy, reviews);
  }

  private static Required required(JsonNode json, String at) {
    if (!json.path("selector").isObject() || !json.path("role").isTextual() || json.size() != 2) {
      throw new InvalidMergePolicyException("a required review has a selector and a role", at);
    }
    try {
      return Required.by(json.get("role").textValue(), json.get("selector").toString());
    } catch (InvalidSelectorException e) {
      throw new InvalidMergePolicyException(String.valueOf(e.getMessage()), at + "/selector");
    }
  }

  /** As it is kept. */
  public JsonObject toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("stave", "merge_policy");
    json.set("policy", policy.toJson().sharedTree());
    ArrayNode required = json.putArray("reviews");
    for (Required review : reviews) {
      ObjectNode one = required.addObject();
      one.set("selector", review.written().sharedTree());
      one.put("role", review.role());
    }
    return JsonObject.of(json);
  }
}
