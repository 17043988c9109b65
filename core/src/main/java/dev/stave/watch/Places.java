package dev.stave.watch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.json.JsonPath;
import dev.stave.json.JsonPath.Step;
import dev.stave.query.Selector;
import dev.stave.query.ValueTest;
import dev.stave.query.ValueTest.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where to wait for the documents that a selector matches: places of which each such document has
 * one at least. Of several conditions that must all hold one is enough, the one with the fewest
 * watches there already: so of {@code {"type": "order", "customer": 17}} thousands of watches come
 * to wait at the customer, with nobody having said which of the two is the more particular.
 */
final class Places {

  /** Many documents have some value at a path, few a certain one. */
  private static final long ANY_VALUE_COST = 1_000;

  private static final JsonPath HERE = new JsonPath(List.of());

  private final WatchIndex index;

  Places(WatchIndex index) {
    this.index = index;
  }

  /** The places, none if no document matches; null if there are no such places. */
  @Nullable List<Place> of(Selector selector) {
    return of(selector, HERE);
  }

  private @Nullable List<Place> of(Selector selector, JsonPath base) {
    if (selector instanceof Selector.And and) {
      return cheapest(and.parts(), part -> of(part, base));
    }
    if (selector instanceof Selector.Or or) {
      return union(or.parts(), part -> of(part, base));
    }
    return selector instanceof Selector.Has has ? of(has, base) : null;
  }

  private @Nullable List<Place> of(Selector.Has has, JsonPath base) {
    JsonPath path = base;
    for (Step step : has.path().steps()) {
      if (!isOneWay(step)) {
        return null;
      }
      path = path.plus(step);
    }
    List<Place> places = of(has.test(), path);
    return places == null ? List.of(new Place(path, null)) : places;
  }

  /**
   * Whether a value is there by this step in one way only, which the index can tell by its name.
   */
  private static boolean isOneWay(Step step) {
    if (step instanceof Step.Member member) {
      int index = member.elementIndex(); // 007 too is the element 7
      return index < 0 || Integer.toString(index).equals(member.name());
    }
    return !(step instanceof Step.AnyDepth);
  }

  private @Nullable List<Place> of(ValueTest test, JsonPath path) {
    if (test instanceof ValueTest.Compare compare) {
      return compare.comparison() == Comparison.EQ ? at(path, compare.value()) : null;
    }
    if (test instanceof ValueTest.In in) {
      return union(in.values(), value -> at(path, value));
    }
    if (test instanceof ValueTest.All all) {
      return all.values().isEmpty() ? List.of() : cheapest(all.values(), value -> at(path, value));
    }
    if (test instanceof ValueTest.Every every) {
      return cheapest(every.tests(), each -> of(each, path));
    }
    if (test instanceof ValueTest.Some some) {
      return union(some.tests(), each -> of(each, path));
    }
    if (test instanceof ValueTest.ElemMatch match) {
      return of(match.selector(), path.plus(new Step.AnyElement()));
    }
    return test instanceof ValueTest.AllMatch match
        ? of(match.selector(), path.plus(new Step.AnyElement()))
        : null;
  }

  private static List<Place> at(JsonPath path, JsonNode value) {
    return List.of(new Place(path, WatchIndex.key(value)));
  }

  private <T> @Nullable List<Place> cheapest(
      List<T> parts, Function<T, @Nullable List<Place>> placesOf) {
    List<Place> best = null;
    long lowest = Long.MAX_VALUE;
    for (T part : parts) {
      List<Place> places = placesOf.apply(part);
      long cost = places == null ? Long.MAX_VALUE : cost(places);
      if (cost < lowest) {
        best = places;
        lowest = cost;
      }
    }
    return best;
  }

  private long cost(List<Place> places) {
    long cost = 0;
    for (Place place : places) {
      cost += 1 + index.waitingAt(place) + (place.key() == null ? ANY_VALUE_COST : 0);
    }
    return cost;
  }

  private static <T> @Nullable List<Place> union(
      List<T> parts, Function<T, @Nullable List<Place>> placesOf) {
    List<Place> all = new ArrayList<>();
    for (T part : parts) {
      List<Place> places = placesOf.apply(part);
      if (places == null) {
        return null;
      }
      all.addAll(places);
    }
    return all.stream().distinct().collect(Collectors.toList());
  }
}
