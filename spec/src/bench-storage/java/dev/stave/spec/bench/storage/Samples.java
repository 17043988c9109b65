package dev.stave.spec.bench.storage;

import java.util.List;
import java.util.stream.Collectors;

/** One figure, as often as it was measured. */
public record Samples(List<Double> values) {

  public Samples {
    values = values.stream().sorted().collect(Collectors.toUnmodifiableList());
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public double median() {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  public double min() {
    return values.get(0);
  }

  public double max() {
    return values.get(values.size() - 1);
  }
}
