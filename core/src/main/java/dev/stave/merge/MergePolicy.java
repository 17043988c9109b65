package dev.stave.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.json.JsonObject;
import dev.stave.json.JsonPath;
import dev.stave.json.JsonPointer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How clashes are settled, by path. Immutable. All replicas of a database need the same.
 *
 * <pre>{@code
 * MergePolicy.NONE
 *     .with("items[].quantity", Strategy.Plain.COUNTER)
 *     .with("items", new Strategy.ListByKey("sku"))
 *     .with("notes", Strategy.Plain.TEXT)
 *     .otherwise(Strategy.Plain.LATEST)
 * }</pre>
 *
 * <p>A path is a {@link JsonPath}: {@code []} is any element, {@code *} any one member or element,
 * {@code **} any number of them, none included, so that {@code **} alone means the document too. A
 * name is a member's, never an element's number. The first rule whose path fits a value decides,
 * for the value as a whole; what has no rule merges by structure.
 *
 * @param rules at most {@link #MAX_RULES}, each path once
 * @param otherwise decides what would be a clash where there is no rule, or one that merges by
 *     structure: {@code ASK}, {@code WINNER}, {@code LATEST}, or {@code PREFER_LIVE} or {@code
 *     PREFER_DELETED}, which decide about deletions only
 */
public record MergePolicy(List<Rule> rules, Strategy.Plain otherwise) {

  /** One strategy for the values at a path. */
  public record Rule(JsonPath path, Strategy strategy) {}

  /** The most rules of a policy. */
  public static final int MAX_RULES = 1_000;

  private static final Set<Strategy.Plain> FALLBACKS =
      EnumSet.of(
          Strategy.Plain.ASK,
          Strategy.Plain.WINNER,
          Strategy.Plain.LATEST,
          Strategy.Plain.PREFER_LIVE,
          Strategy.Plain.PREFER_DELETED);

  /** By structure, and each clash is a person's to settle. */
  public static final MergePolicy NONE = new MergePolicy(List.of(), Strategy.Plain.ASK);

  /**
   * @throws InvalidMergePolicyException if it has too many rules, a path twice, or a fallback that
   *     is none
   */
  public MergePolicy {
    rules = List.copyOf(rules);
    if (rules.size() > MAX_RULES) {
      throw new InvalidMergePolicyException("more than " + MAX_RULES + " rules", "/rules");
    }
    Set<JsonPath> paths = new HashSet<>();
    for (int i = 0; i < rules.size(); i++) {
      if (!paths.add(rules.get(i).path())) {
        throw new InvalidMergePolicyException(
            "an earlier rule has the same path", "/rules/" + i + "/path");
      }
    }
    if (!FALLBACKS.contains(otherwise)) {
      throw new InvalidMergePolicyException(
          "otherwise is ask, winner, latest, prefer_live or prefer_deleted", "/otherwise");
    }
  }

  /** With one more rule, after those that are there. */
  public MergePolicy with(String path, Strategy strategy) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(JsonPath.parse(path), strategy));
    return new MergePolicy(more, otherwise);
  }

  /** With another strategy for what no rule has to do with. */
  public MergePolicy otherwise(Strategy.Plain strategy) {
    return new MergePolicy(rules, strategy);
  }

  /**
   * Reads {@code {"rules": [{"path": "items", "strategy": "list", "key": "sku"}, …], "otherwise":
   * "latest"}}; either may be missing. {@code key} is for {@code list}, {@code name} for {@code
   * function}, and both need it.
   *
   * @throws InvalidMergePolicyException if it is anything else
   */
  public static MergePolicy of(JsonObject json) {
    List<Rule> rules = new ArrayList<>();
    Strategy.Plain otherwise = Strategy.Plain.ASK;
    for (Map.Entry<String, JsonNode> member : json.sharedTree().properties()) {
      JsonNode value = member.getValue();
      switch (member.getKey()) {
        case "rules" -> {
          if (!value.isArray()) {
            throw new InvalidMergePolicyException("rules are an array", "/rules");
          }
          for (int i = 0; i < value.size(); i++) {
            rules.add(rule(value.get(i), "/rules/" + i));
          }
        }
        case "otherwise" -> otherwise = plain(text(value, "/otherwise"), "/otherwise");
        default ->
            throw new InvalidMergePolicyException(
                "a merge policy has rules and otherwise", below("", member.getKey()));
      }
    }
    return new MergePolicy(rules, otherwise);
  }

  private static Rule rule(JsonNode json, String at) {
    if (!json.isObject()) {
      throw new InvalidMergePolicyException("a rule is an object", at);
    }
    JsonPath path = JsonPath.parse(text(json.path("path"), at + "/path"));
    String name = text(json.path("strategy"), at + "/strategy");
    String parameter = name.equals("list") ? "key" : name.equals("function") ? "name" : "";
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      if (!Set.of("path", "strategy", parameter).contains(member.getKey())) {
        throw new InvalidMergePolicyException(
            "a rule of strategy " + name + " has no such member", below(at, member.getKey()));
      }
    }
    if (parameter.isEmpty()) {
      return new Rule(path, plain(name, at + "/strategy"));
    }
    String value = text(json.path(parameter), below(at, parameter));
    return new Rule(
        path, name.equals("list") ? new Strategy.ListByKey(value) : new Strategy.Function(value));
  }

  private static String text(JsonNode value, String at) {
    if (!value.isTextual()) {
      throw new InvalidMergePolicyException("expected a string", at);
    }
    return value.textValue();
  }

  private static Strategy.Plain plain(String name, String at) {
    for (Strategy.Plain strategy : Strategy.Plain.values()) {
      if (strategy.text().equals(name)) {
        return strategy;
      }
    }
    StringBuilder known = new StringBuilder("list, function");
    for (Strategy.Plain strategy : Strategy.Plain.values()) {
      known.append(", ").append(strategy.text());
    }
    throw new InvalidMergePolicyException("a strategy is one of " + known, at);
  }

  private static String below(String at, String name) {
    return at + new JsonPointer(List.of(name));
  }

  /** As {@link #of} reads it; an {@code otherwise} that is {@code ask} is left out. */
  public JsonObject toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode all = json.putArray("rules");
    for (Rule rule : rules) {
      ObjectNode one = all.addObject();
      one.put("path", rule.path().toString()).put("strategy", rule.strategy().text());
      if (rule.strategy() instanceof Strategy.ListByKey list) {
        one.put("key", list.key());
      } else if (rule.strategy() instanceof Strategy.Function function) {
        one.put("name", function.name());
      }
    }
    if (otherwise != Strategy.Plain.ASK) {
      json.put("otherwise", otherwise.text());
    }
    return JsonObject.of(json);
  }
}
