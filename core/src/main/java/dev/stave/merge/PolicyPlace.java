package dev.stave.merge;

import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A place in a document, and which rules mean it or something below it. Immutable. */
final class PolicyPlace {

  /** A rule, and how many steps of its path have led here. */
  private record State(MergePolicy.Rule rule, int step) {
    @Nullable Step next() {
      List<Step> steps = rule.path().steps();
      return step < steps.size() ? steps.get(step) : null;
    }
  }

  private static final PolicyPlace FREE = new PolicyPlace(List.of());

  private final List<State> live; // in the order of the rules

  private PolicyPlace(List<State> live) {
    this.live = live;
  }

  static PolicyPlace root(MergePolicy policy) {
    Set<State> live = new LinkedHashSet<>();
    for (MergePolicy.Rule rule : policy.rules()) {
      reach(new State(rule, 0), live);
    }
    return of(live);
  }

  private static PolicyPlace of(Set<State> live) {
    return live.isEmpty() ? FREE : new PolicyPlace(new ArrayList<>(live));
  }

  /** Adds a state, and those reached from it by letting {@code **} mean nothing. */
  private static void reach(State state, Set<State> live) {
    State reached = state;
    while (live.add(reached) && reached.next() instanceof Step.AnyDepth) {
      reached = new State(reached.rule(), reached.step() + 1);
    }
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
      Step step = state.next();
      if (step instanceof Step.AnyDepth) {
        reach(state, below);
      } else if (fits(step, name)) {
        reach(new State(state.rule(), state.step() + 1), below);
      }
    }
    return of(below);
  }

  private static boolean fits(@Nullable Step step, @Nullable String name) {
    return step instanceof JsonPath.Step.Member member
        ? member.name().equals(name)
        : step instanceof Step.Any || (step instanceof Step.AnyElement && name == null);
  }

  /** The rule for what stands here, or null. */
  @Nullable Strategy strategy() {
    for (State state : live) {
      if (state.next() == null) {
        return state.rule().strategy();
      }
    }
    return null;
  }

  /** Whether something here or below may be counted: then equal changes are not one change. */
  boolean mayCount() {
    for (State state : live) {
      if (state.rule().strategy() == Strategy.Plain.COUNTER) {
        return true;
      }
    }
    return false;
  }
}
