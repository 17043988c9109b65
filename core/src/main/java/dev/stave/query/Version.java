package dev.stave.query;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A version as people write it: whole numbers with dots between, {@code 15.4} or {@code 105}.
 * Compared number by number, so that 9 comes before 10 and 15.4 before 15.10; a missing number is
 * 0.
 */
public record Version(List<BigInteger> numbers) implements Comparable<Version> {

  /** No longer text is a version. */
  public static final int MAX_LENGTH = 64;

  public Version {
    numbers = List.copyOf(numbers);
  }

  /** Empty if {@code text} is anything else, such as {@code preview}. */
  public static Optional<Version> parse(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    List<BigInteger> numbers = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '.') {
        if (i == from) {
          return Optional.empty();
        }
        numbers.add(new BigInteger(text.substring(from, i)));
        from = i + 1;
      } else if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return Optional.empty();
      }
    }
    return Optional.of(new Version(numbers));
  }

  @Override
  public int compareTo(Version other) {
    int longest = Math.max(numbers.size(), other.numbers.size());
    for (int i = 0; i < longest; i++) {
      int order = at(i).compareTo(other.at(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private BigInteger at(int i) {
    return i < numbers.size() ? numbers.get(i) : BigInteger.ZERO;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    numbers.forEach(number -> text.append(text.length() == 0 ? "" : ".").append(number));
    return text.toString();
  }
}
