package dev.stave.spec.bench.query;

import dev.stave.spec.bench.query.Question.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The right answers, from looking at every order: knows no JSON and no index. */
final class Truth {

  private final Order[] orders;

  Truth(Orders source) {
    orders = IntStream.range(0, source.count()).mapToObj(source::order).toArray(Order[]::new);
  }

  /** The order's next status: it is that from now on. */
  String turn(int number) {
    Order old = orders[number];
    int next = (old.status() + 1) % Order.STATUS.size();
    orders[number] =
        new Order(old.email(), old.zip(), old.cents(), old.rank(), old.city(), next, old.skus());
    return orders[number].statusText();
  }

  /**
   * @throws IllegalStateException if {@code answer} is wrong
   */
  void check(Contender contender, Question question, List<String> answer) {
    List<String> right = ids(question);
    boolean same =
        switch (question.kind()) {
          case RANGE_LIMIT, PAGE ->
              answer.size() == Math.min(Question.LIMIT, right.size())
                  && new HashSet<>(answer).size() == answer.size()
                  && new HashSet<>(right).containsAll(answer);
          case RANGE_SORT, TOP_OF -> answer.equals(right);
          default -> sorted(answer).equals(sorted(right));
        };
    if (!same) {
      throw new IllegalStateException(
          contender.title() + " answers " + question + " with " + answer + ", right is " + right);
    }
  }

  private static List<String> sorted(List<String> ids) {
    List<String> sorted = new ArrayList<>(ids);
    Collections.sort(sorted);
    return sorted;
  }

  private List<String> ids(Question question) {
    IntPredicate matches = number -> matches(orders[number], question);
    Comparator<Integer> byCreated = Comparator.comparingInt(number -> orders[number].rank());
    boolean top = question.kind() == Kind.TOP_OF;
    return IntStream.range(0, orders.length)
        .filter(matches)
        .boxed()
        .sorted(top ? byCreated.reversed() : byCreated)
        .limit(top ? Question.TOP : Long.MAX_VALUE)
        .map(Orders::id)
        .collect(Collectors.toList());
  }

  private static boolean matches(Order order, Question question) {
    String text = question.text();
    boolean inRange = order.cents() >= question.from() && order.cents() < question.to();
    return switch (question.kind()) {
      case EQUAL -> Orders.email(order.email()).equals(text);
      case UNDECLARED -> Orders.zip(order.zip()).equals(text);
      case MEMBER -> order.skus().stream().anyMatch(sku -> Orders.sku(sku).equals(text));
      case RANGE_LIMIT, RANGE_SORT -> inRange;
      case TOP_OF -> Orders.city(order.city()).equals(text);
      case TWO -> inRange && Orders.city(order.city()).equals(text);
      case PAGE, STATUS -> inRange && order.statusText().equals(text);
    };
  }
}
