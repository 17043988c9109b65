package dev.stave.spec.bench.storage;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The figures of every contender, round by round. */
final class Results {

  /** Bytes written by the bulk load and the updates together. */
  static final String ALL_WRITTEN = "all" + Measurements.WRITTEN;

  private final List<Round> rounds = new ArrayList<>();

  Round newRound() {
    Round round = new Round();
    rounds.add(round);
    return round;
  }

  /** What {@code figure} was in each round; of no rounds if nobody measured it. */
  Samples samples(Contender contender, String figure) {
    return new Samples(
        rounds.stream()
            .map(round -> round.figure(contender, figure))
            .filter(value -> !value.isNaN())
            .collect(Collectors.toList()));
  }

  /** One time that each workload ran with each contender. */
  static final class Round {
    private final Map<Contender, Map<String, Double>> figures = new EnumMap<>(Contender.class);

    void add(Contender contender, Measurements measurements) {
      figures.computeIfAbsent(contender, key -> new TreeMap<>()).putAll(measurements.figures());
    }

    private Double figure(Contender contender, String name) {
      Map<String, Double> its = figures.getOrDefault(contender, Map.of());
      if (name.equals(ALL_WRITTEN)) {
        return its.getOrDefault("bulk" + Measurements.WRITTEN, Double.NaN)
            + its.getOrDefault("update" + Measurements.WRITTEN, Double.NaN);
      }
      return its.getOrDefault(name, Double.NaN);
    }

    /** Whoever read something else than the others ran another race. */
    void requireSameChecks() {
      Map<String, Double> checks = new TreeMap<>();
      for (Map<String, Double> its : figures.values()) {
        its.forEach(
            (name, value) -> {
              Double first = checks.putIfAbsent(name, value);
              if (name.endsWith(Measurements.CHECK) && first != null && !first.equals(value)) {
                throw new IllegalStateException("contenders differ in what they read: " + name);
              }
            });
      }
    }
  }
}
