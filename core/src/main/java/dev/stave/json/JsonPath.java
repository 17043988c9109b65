package dev.stave.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A dotted path into a document, as Mango writes it, with wildcards: {@code address.city}, {@code
 * items[].price}, {@code **.version}.
 *
 * <ul>
 *   <li>{@code name} is the member of an object; if it is a number it is also a place in an array
 *   <li>{@code []} is any element of an array; {@code tags[]} is short for {@code tags.[]}
 *   <li>{@code *} is any one member or element
 *   <li>{@code **} is any number of members and elements, none included
 * </ul>
 *
 * A backslash takes the meaning from the character after it: {@code a\.b} is one name. The document
 * id is at {@code _id}, which wildcards do not see.
 */
public record JsonPath(List<Step> steps) {

  /** The path of a document's id. */
  public static final String ID = "_id";

  /** One step down. */
  public sealed interface Step {
    /** The member {@code name}, or the element of that index. */
    record Member(String name) implements Step {
      /** The element this step may mean as well, or -1. */
      public int elementIndex() {
        boolean digits = !name.isEmpty() && name.length() <= 9;
        for (int i = 0; digits && i < name.length(); i++) {
          digits = name.charAt(i) >= '0' && name.charAt(i) <= '9';
        }
        return digits ? Integer.parseInt(name) : -1;
      }
    }

    /** Any element of an array. */
    record AnyElement() implements Step {}

    /** Any member or element. */
    record Any() implements Step {}

    /** Any number of members and elements. */
    record AnyDepth() implements Step {}
  }

  public JsonPath {
    steps = List.copyOf(steps);
  }

  /** Reads the dotted form. Every text is a path; the empty one names the member {@code ""}. */
  public static JsonPath parse(String dotted) {
    List<Step> steps = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    int plainFrom = 0; // what stands in the name before this is escaped: no wildcard
    for (int i = 0; i < dotted.length(); i++) {
      char c = dotted.charAt(i);
      if (c == '\\' && i + 1 < dotted.length()) {
        name.append(dotted.charAt(++i));
        plainFrom = name.length();
      } else if (c == '.') {
        addStep(steps, name.toString(), plainFrom);
        name.setLength(0);
        plainFrom = 0;
      } else {
        name.append(c);
      }
    }
    addStep(steps, name.toString(), plainFrom);
    return new JsonPath(steps);
  }

  private static void addStep(List<Step> steps, String name, int plainFrom) {
    int beforeBrackets = name.length() - 2;
    if (name.endsWith("[]") && plainFrom <= beforeBrackets) {
      if (beforeBrackets > 0) {
        addStep(steps, name.substring(0, beforeBrackets), plainFrom);
      }
      steps.add(new Step.AnyElement());
    } else if (name.equals("**") && plainFrom == 0) {
      steps.add(new Step.AnyDepth());
    } else if (name.equals("*") && plainFrom == 0) {
      steps.add(new Step.Any());
    } else {
      steps.add(new Step.Member(name));
    }
  }

  /** This path and then {@code step}. */
  public JsonPath plus(Step step) {
    List<Step> longer = new ArrayList<>(steps);
    longer.add(step);
    return new JsonPath(longer);
  }

  /** Whether it may mean many paths, of which nothing but a look at each tells. */
  public boolean hasWildcards() {
    return steps.stream()
        .anyMatch(step -> step instanceof Step.Any || step instanceof Step.AnyDepth);
  }

  /** Whether this is the path of the document id. */
  public boolean isId() {
    return steps.size() == 1 && steps.get(0).equals(new Step.Member(ID));
  }

  /** Whether {@code test} holds for any value at this path below {@code root}. */
  public boolean anyMatch(JsonNode root, Predicate<JsonNode> test) {
    return anyMatch(root, 0, test);
  }

  /** The first value at this path below {@code root}, or null if there is none. */
  public @Nullable JsonNode first(JsonNode root) {
    JsonNode[] found = new JsonNode[1];
    anyMatch(
        root,
        value -> {
          found[0] = value;
          return true;
        });
    return found[0];
  }

  /** Whether it has no wildcards: there is at most one value at it. */
  public boolean isPlain() {
    return steps.stream().allMatch(Step.Member.class::isInstance);
  }

  /** The name at a step of a plain path. */
  String memberAt(int step) {
    if (steps.get(step) instanceof Step.Member member) {
      return member.name();
    }
    throw new IllegalArgumentException("a path with wildcards: " + this);
  }

  /** What is left of it below {@code step} steps. */
  JsonPath from(int step) {
    return new JsonPath(steps.subList(step, steps.size()));
  }

  private boolean anyMatch(JsonNode at, int step, Predicate<JsonNode> test) {
    if (step == steps.size()) {
      return test.test(at);
    }
    Step next = steps.get(step);
    if (next instanceof Step.Member member) {
      JsonNode child = at.isArray() ? at.get(member.elementIndex()) : at.get(member.name());
      return child != null && anyMatch(child, step + 1, test);
    }
    if (next instanceof Step.AnyDepth) {
      boolean[] live = new boolean[steps.size() + 1];
      live[step] = true;
      return anyMatch(at, live, test);
    }
    if (next instanceof Step.AnyElement && !at.isArray()) {
      return false;
    }
    for (JsonNode child : at) {
      if (anyMatch(child, step + 1, test)) {
        return true;
      }
    }
    return false;
  }

  /**
   * From the first {@code **} on there are many ways to one value. They are all gone at once, each
   * value visited once with every step that may come next, marked in {@code live}: one way after
   * the other would take longer with each {@code **} by a factor of the depth.
   */
  private boolean anyMatch(JsonNode at, boolean[] live, Predicate<JsonNode> test) {
    for (int step = 0; step < steps.size(); step++) {
      live[step + 1] |= live[step] && steps.get(step) instanceof Step.AnyDepth;
    }
    if (live[steps.size()] && test.test(at)) {
      return true;
    }
    for (int i = 0; at.isArray() && i < at.size(); i++) {
      if (anyMatch(at.get(i), below(live, null, i), test)) {
        return true;
      }
    }
    for (Map.Entry<String, JsonNode> member : at.properties()) {
      if (anyMatch(member.getValue(), below(live, member.getKey(), -1), test)) {
        return true;
      }
    }
    return false;
  }

  /** The steps that may come after the member {@code name}, or after the element {@code index}. */
  private boolean[] below(boolean[] live, @Nullable String name, int index) {
    boolean[] below = new boolean[live.length];
    for (int i = 0; i < steps.size(); i++) {
      Step step = live[i] ? steps.get(i) : null;
      if (step instanceof Step.AnyDepth) {
        below[i] = true;
      } else if (step instanceof Step.Member member) {
        below[i + 1] = name == null ? member.elementIndex() == index : member.name().equals(name);
      } else {
        below[i + 1] = step instanceof Step.Any || (step != null && name == null);
      }
    }
    return below;
  }

  /** The dotted form, which {@link #parse} reads back. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    Step before = null;
    for (Step step : steps) {
      boolean brackets = step instanceof Step.AnyElement && !new Step.Member("").equals(before);
      text.append(before == null || brackets ? "" : ".").append(written(step));
      before = step;
    }
    return text.toString();
  }

  private static String written(Step step) {
    if (step instanceof Step.Member member) {
      return escaped(member.name());
    }
    return step instanceof Step.AnyElement ? "[]" : step instanceof Step.Any ? "*" : "**";
  }

  private static String escaped(String name) {
    String plain = name.replace("\\", "\\\\").replace(".", "\\.");
    if (plain.endsWith("[]")) {
      return plain.substring(0, plain.length() - 2) + "\\[]";
    }
    return plain.equals("*") || plain.equals("**") ? '\\' + plain : plain;
  }
}
