package dev.stave.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.stave.index.KeyRange;
import dev.stave.query.ValueTest.Comparison;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where on the line of all values those lie that pass a test. */
final class Ranges {

  private Ranges() {}

  /** The ranges in which a value lies that passes {@code test}; all values where none is known. */
  static List<KeyRange> of(ValueTest test) {
    Optional<KeyRange> single = single(test);
    if (single.isPresent()) {
      return List.of(single.get());
    }
    if (test instanceof ValueTest.Compare compare) {
      return allBut(compare.value());
    }
    if (test instanceof ValueTest.In in) {
      return in.values().stream().map(KeyRange::equalTo).collect(Collectors.toList());
    }
    if (test instanceof ValueTest.Every every) {
      return List.of(shared(every));
    }
    if (test instanceof ValueTest.Some some) {
      return some.tests().stream().flatMap(t -> of(t).stream()).collect(Collectors.toList());
    }
    if (test instanceof ValueTest.OfType) {
      return List.of(); // a type that there is not
    }
    if (test instanceof ValueTest.OfVersion) {
      return List.of(KeyRange.strings());
    }
    if (test instanceof ValueTest.OfRegex match) {
      return List.of(KeyRange.stringsFrom(match.regex().prefix()));
    }
    if (test instanceof ValueTest.ElemMatch || test instanceof ValueTest.AllMatch) {
      return List.of(KeyRange.filledArrays());
    }
    if (test instanceof ValueTest.KeyMapMatch) {
      return List.of(KeyRange.filledObjects());
    }
    return List.of(KeyRange.ALL);
  }

  private static List<KeyRange> allBut(JsonNode value) {
    return KeyRange.equalTo(value).exact()
        ? List.of(KeyRange.below(value, false), KeyRange.above(value, false))
        : List.of(new KeyRange(KeyRange.ALL.from(), null, false));
  }

  static boolean areExact(List<KeyRange> ranges) {
    return ranges.stream().allMatch(KeyRange::exact);
  }

  /** The range, if the index knows no more of {@code test} than one. */
  static Optional<KeyRange> single(ValueTest test) {
    if (test instanceof ValueTest.Compare compare) {
      return Optional.of(compare).filter(c -> c.comparison() != Comparison.NE).map(Ranges::range);
    }
    if (test instanceof ValueTest.BeginsWith string) {
      return Optional.of(KeyRange.stringsFrom(string.prefix()));
    }
    if (test instanceof ValueTest.Size size) {
      return Optional.of(KeyRange.arraysOf(size.elements()));
    }
    if (test instanceof ValueTest.Mod) {
      KeyRange numbers = KeyRange.numbers();
      return Optional.of(new KeyRange(numbers.from(), numbers.to(), false));
    }
    return test instanceof ValueTest.OfType type ? ofType(type.name()) : Optional.empty();
  }

  private static KeyRange range(ValueTest.Compare compare) {
    JsonNode value = compare.value();
    return switch (compare.comparison()) {
      case EQ -> KeyRange.equalTo(value);
      case GT -> KeyRange.above(value, false);
      case GTE -> KeyRange.above(value, true);
      case LT -> KeyRange.below(value, false);
      case LTE -> KeyRange.below(value, true);
      case NE -> throw new IllegalArgumentException("not one range: " + compare);
    };
  }

  private static Optional<KeyRange> ofType(String name) {
    return switch (name) {
      case "null" -> Optional.of(KeyRange.equalTo(NullNode.getInstance()));
      case "boolean" -> Optional.of(KeyRange.booleans());
      case "number" -> Optional.of(KeyRange.numbers());
      case "string" -> Optional.of(KeyRange.strings());
      case "array" -> Optional.of(KeyRange.arrays());
      case "object" -> Optional.of(KeyRange.objects());
      default -> Optional.empty();
    };
  }

  /** The one range of all those of the tests that have a single one. */
  static KeyRange shared(ValueTest.Every every) {
    KeyRange range = KeyRange.ALL;
    for (ValueTest test : every.tests()) {
      range = single(test).map(range::and).orElse(range);
    }
    return range;
  }

  /** The range that {@code test} means, neither more nor less; empty if it is not of that kind. */
  static Optional<KeyRange> exactly(ValueTest test) {
    if (test instanceof ValueTest.Present) {
      return Optional.of(KeyRange.ALL);
    }
    Optional<KeyRange> range =
        test instanceof ValueTest.Every every
                && every.tests().stream().allMatch(each -> single(each).isPresent())
            ? Optional.of(shared(every))
            : single(test);
    return range.filter(KeyRange::exact);
  }
}
