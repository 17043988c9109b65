package dev.stave.index;

import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import dev.stave.policy.IndexPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives every path a small number. A path is its parent's number and one step: the name of a
 * member, or null for any element of an array. Grows with the data. Any thread may call any method.
 * A number whose path has left the index together with its last posting stands for nothing.
 */
final class PathDictionary {

  static final int ROOT = 0;
  static final int ID = 1;

  private static final int NONE = -1;
  private static final int NOTHING = -2;

  private record Child(int parent, @Nullable String name) {}

  private final Map<Child, Integer> numbers = new ConcurrentHashMap<>();
  private final Map<String, String> names = new HashMap<>(); // one copy of each
  private volatile IntColumn parents = new IntColumn();
  private volatile @Nullable String[] lastNames = new @Nullable String[64];
  private volatile int size;

  PathDictionary() {
    add(NONE, null);
    child(ROOT, JsonPath.ID);
  }

  /** Another one that knows the same paths by the same numbers. */
  synchronized PathDictionary copy() {
    PathDictionary copy = new PathDictionary();
    copy.numbers.putAll(numbers);
    copy.names.putAll(names);
    copy.parents = parents.copy(); // what is set is the last one, never one that is shared
    copy.lastNames = lastNames.clone();
    copy.size = size;
    return copy;
  }

  /** As {@link #child(int, String)}, but -1 if the number is not below {@code end}. */
  int child(int parent, @Nullable String name, int end) {
    int known = known(parent, name);
    if (known == NONE && size < end) {
      known = add(parent, name);
    }
    return known < end ? known : NONE;
  }

  /**
   * What came after each path the last times: documents of one kind have their paths in one order,
   * and then a look at a name saves looking it up. Two of them, since an array goes on or ends. For
   * one thread.
   */
  final class Guess {
    private int[] next = new int[128]; // two for each path
    private int last;

    /** As {@link PathDictionary#child(int, String, int)}. */
    int child(int parent, @Nullable String name, int end) {
      if (2 * last >= next.length) {
        next = Arrays.copyOf(next, 4 * last);
      }
      int newer = 2 * last;
      int path = next[newer];
      if (!is(path, parent, name, end)) {
        int older = next[newer + 1];
        path = is(older, parent, name, end) ? older : PathDictionary.this.child(parent, name, end);
        if (path >= 0) {
          next[newer + 1] = next[newer];
          next[newer] = path;
        }
      }
      last = path >= 0 ? path : last;
      return path;
    }

    private boolean is(int path, int parent, @Nullable String name, int end) {
      return path != ROOT
          && path < end
          && parents.get(path) == parent
          && Objects.equals(lastNames[path], name);
    }
  }

  /** The number of the path one step below {@code parent}, a new one if it was never seen. */
  int child(int parent, @Nullable String name) {
    return child(parent, name, Integer.MAX_VALUE);
  }

  private synchronized int add(int parent, @Nullable String name) {
    Integer known = numbers.get(new Child(parent, name)); // another thread may have been faster
    if (known != null) {
      return known;
    }
    int number = size;
    put(number, parent, name);
    return number;
  }

  /** Gives a path the number that it has in a table. Its parent has one. */
  synchronized void put(int number, int parent, @Nullable String name) {
    String shared = name == null ? null : names.computeIfAbsent(name, n -> n);
    while (parents.size() <= number) {
      parents.add(NOTHING);
    }
    if (number >= lastNames.length) {
      lastNames = Arrays.copyOf(lastNames, Math.max(number + 1, lastNames.length * 2));
    }
    parents.set(number, parent);
    lastNames[number] = shared;
    size = Math.max(size, number + 1);
    numbers.put(new Child(parent, shared), number);
  }

  /** Whether the number stands for a path. */
  boolean isKnown(int path) {
    return parents.get(path) != NOTHING;
  }

  int parent(int path) {
    return parents.get(path);
  }

  /** The member's name, or null of an array's element. */
  @Nullable String lastName(int path) {
    return lastNames[path];
  }

  /** The number of the path one step below {@code parent}, or -1 if it was never seen. */
  int known(int parent, @Nullable String name) {
    return numbers.getOrDefault(new Child(parent, name), NONE);
  }

  int size() {
    return size;
  }

  /** Whether a document has at most one value at {@code path}: no step leads into an array. */
  boolean isSingle(int path) {
    for (int at = path; at != ROOT; at = parents.get(at)) {
      if (lastNames[at] == null) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code policy} excludes it. */
  boolean isExcluded(int path, IndexPolicy policy) {
    return path != ID && place(path, policy).isExcluded();
  }

  private IndexPolicy.Place place(int path, IndexPolicy policy) {
    if (path == ROOT) {
      return policy.root();
    }
    IndexPolicy.Place parent = place(parents.get(path), policy);
    return parent.isExcluded() ? parent : parent.below(lastNames[path]);
  }

  /** The path in its dotted form. */
  String name(int path) {
    List<Step> steps = new ArrayList<>();
    for (int at = path; at != ROOT; at = parents.get(at)) {
      String name = lastNames[at];
      steps.add(0, name == null ? new Step.AnyElement() : new Step.Member(name));
    }
    return new JsonPath(steps).toString();
  }

  /** Every known path that {@code path}, begun at the path {@code base}, may mean. */
  int[] match(int base, JsonPath path) {
    return path.hasWildcards() ? scan(base, path.steps()) : descend(base, path.steps());
  }

  /** Without wildcards a step leads to one path, or to two if it may be a place in an array. */
  private int[] descend(int base, List<Step> steps) {
    Set<Integer> at = Set.of(base);
    for (Step step : steps) {
      Set<Integer> below = new HashSet<>();
      for (int parent : at) {
        addKnown(below, parent, step instanceof Step.Member member ? member.name() : null);
        if (step instanceof Step.Member member && member.elementIndex() >= 0) {
          addKnown(below, parent, null);
        }
      }
      at = below;
    }
    return at.stream().mapToInt(Integer::intValue).sorted().toArray();
  }

  private void addKnown(Set<Integer> paths, int parent, @Nullable String name) {
    int number = known(parent, name);
    if (number != NONE) {
      paths.add(number);
    }
  }

  /** With wildcards every path is looked at, from its end, where most of them fail at once. */
  private int[] scan(int base, List<Step> steps) {
    int count = size;
    int[] found = new int[16];
    int matches = 0;
    for (int path = base; path < count; path++) { // a path has a higher number than its parent
      if (path != ID && isKnown(path) && leads(base, steps, path)) {
        if (matches == found.length) {
          found = Arrays.copyOf(found, matches * 2);
        }
        found[matches++] = path;
      }
    }
    return Arrays.copyOf(found, matches);
  }

  /**
   * Whether {@code steps} lead from {@code base} to {@code path}. They are compared from the end;
   * where one does not fit, only the {@code **} met last takes one more step and all before it is
   * compared again: what an earlier one could take instead, this one can take as well.
   */
  private boolean leads(int base, List<Step> steps, int path) {
    int at = path;
    int next = steps.size() - 1;
    int depthAt = NONE; // the path up to which the ** met last has taken steps
    int afterDepth = NONE; // the step to go on with there
    while (next >= 0 || at != base) {
      Step step = next >= 0 ? steps.get(next) : null;
      if (step instanceof Step.AnyDepth) {
        depthAt = at;
        afterDepth = --next;
      } else if (step != null && at > base && fits(at, step)) {
        at = parents.get(at);
        next--;
      } else if (depthAt > base) {
        depthAt = parents.get(depthAt);
        at = depthAt;
        next = afterDepth;
      } else {
        return false;
      }
    }
    return true;
  }

  /** Every path of a member whose name passes {@code test}, by the path of its object. */
  Map<Integer, List<Integer>> members(Predicate<String> test) {
    Map<Integer, List<Integer>> found = new HashMap<>();
    int count = size;
    for (int path = ROOT + 1; path < count; path++) {
      String name = lastNames[path];
      if (path != ID && name != null && isKnown(path) && test.test(name)) {
        found.computeIfAbsent(parents.get(path), object -> new ArrayList<>()).add(path);
      }
    }
    return found;
  }

  private boolean fits(int path, Step step) {
    String name = lastNames[path];
    if (step instanceof Step.Member member) {
      return name == null ? member.elementIndex() >= 0 : name.equals(member.name());
    }
    return step instanceof Step.Any || name == null;
  }
}
