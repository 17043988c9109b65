package dev.stave.spec.bench.storage;

import java.util.List;
import java.util.stream.Collectors;

/** One figure, as often as it was measured. */
record Samples(List<Double> values) {

  Samples {
    values = values.stream().sorted().collect(Collectors.toUnmodifiableList());
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  double median() {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  double min() {
    return values.get(0);
  }

  double max() {
    return values.get(values.size() - 1);
  }
}
