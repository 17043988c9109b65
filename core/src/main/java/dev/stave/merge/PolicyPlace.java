package dev.stave.merge;

import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in a document, and which rules mean it or something below it. Immutable. */
final class PolicyPlace {

  /** The number of a rule, and how many steps of its path have led here. */
  private record State(int rule, int step) {}

  private final List<MergePolicy.Rule> rules;
  private final List<State> live; // in the order of the rules

  private PolicyPlace(List<MergePolicy.Rule> rules, Set<State> live) {
    this.rules = rules;
    this.live = List.copyOf(live);
  }

  static PolicyPlace root(MergePolicy policy) {
    PolicyPlace start = new PolicyPlace(policy.rules(), Set.of());
    Set<State> live = new LinkedHashSet<>();
    for (int rule = 0; rule < policy.rules().size(); rule++) {
      start.reach(new State(rule, 0), live);
    }
    return new PolicyPlace(policy.rules(), live);
  }

  /** Adds a state, and those reached from it by letting {@code **} mean nothing. */
  private void reach(State state, Set<State> live) {
    State reached = state;
    while (live.add(reached) && next(reached) instanceof Step.AnyDepth) {
      reached = new State(reached.rule(), reached.step() + 1);
    }
  }

  private @Nullable Step next(State state) {
    List<Step> steps = rules.get(state.rule()).path().steps();
    return state.step() < steps.size() ? steps.get(state.step()) : null;
  }

  PolicyPlace member(String name) {
    return below(name);
  }

  PolicyPlace element() {
    return below(null);
  }

  private PolicyPlace below(@Nullable String name) {
    if (live.isEmpty()) {
      return this;
    }
    Set<State> below = new LinkedHashSet<>();
    for (State state : live) {
      Step step = next(state);
      if (step instanceof Step.AnyDepth) {
        reach(state, below);
      } else if (fits(step, name)) {
        reach(new State(state.rule(), state.step() + 1), below);
      }
    }
    return new PolicyPlace(rules, below);
  }

  private static boolean fits(@Nullable Step step, @Nullable String name) {
    return step instanceof JsonPath.Step.Member member
        ? member.name().equals(name)
        : step instanceof Step.Any || (step instanceof Step.AnyElement && name == null);
  }

  /** The rule for what stands here, or null. */
  @Nullable Strategy strategy() {
    for (State state : live) {
      if (next(state) == null) {
        return rules.get(state.rule()).strategy();
      }
    }
    return null;
  }

  /** Whether something here or below may be counted: then equal changes are not one change. */
  boolean mayCount() {
    for (State state : live) {
      if (rules.get(state.rule()).strategy() == Strategy.Plain.COUNTER) {
        return true;
      }
    }
    return false;
  }
}
