package dev.stave.spec.bench.query;

import java.util.SplittableRandom;

/**
 * A question about orders.
 *
 * @param text the value asked for, if the kind has one
 * @param from of the range of {@code total}, included, in hundredths
 * @param to excluded
 */
record Question(Kind kind, String text, int from, int to) {

  static final int LIMIT = 50;
  static final int TOP = 20;

  private static final int HALF = Orders.CENTS / 2;
  private static final int WIDE = Orders.CENTS / 100;
  private static final int NARROW = Orders.CENTS / 1_000;

  /** What is asked. "Declared" are email, total, created, city and status; all else is not. */
  enum Kind {
    EQUAL("equality, ten hits", "`customer.email` = x"),
    UNDECLARED("the same, path not declared", "`address.zip` = x"),
    RANGE_LIMIT("range + limit", "`total` in 1 % of its range, any " + LIMIT),
    RANGE_SORT("range + sort", "`total` in 0.1 % of its range, by `created`"),
    TOP_OF("filter + sort + top 20", "`address.city` = x, newest " + TOP + " by `created`"),
    TWO("two predicates", "`address.city` = x and `total` in 1 % of its range"),
    PAGE(
        "two common predicates, a page",
        "`status` = x and `total` in half of its range, any " + LIMIT),
    MEMBER("array membership", "an `items.[].sku` = x"),
    STATUS("status, after updates", "`status` = x and `total` in 0.1 % of its range");

    private final String title;
    private final String says;

    Kind(String title, String says) {
      this.title = title;
      this.says = says;
    }

    String title() {
      return title;
    }

    String says() {
      return says;
    }

    /** The order of the answer is asked for, and not only what is in it. */
    boolean sorted() {
      return this == RANGE_SORT || this == TOP_OF;
    }
  }

  static Question random(Kind kind, Orders orders, SplittableRandom random) {
    int value = random.nextInt(orders.values());
    return switch (kind) {
      case EQUAL -> new Question(kind, Orders.email(value), 0, 0);
      case UNDECLARED -> new Question(kind, Orders.zip(value), 0, 0);
      case MEMBER -> new Question(kind, Orders.sku(value), 0, 0);
      case RANGE_LIMIT -> ranged(kind, "", WIDE, random);
      case RANGE_SORT -> ranged(kind, "", NARROW, random);
      case TOP_OF -> new Question(kind, Orders.city(random.nextInt(Orders.CITIES)), 0, 0);
      case TWO -> ranged(kind, Orders.city(random.nextInt(Orders.CITIES)), WIDE, random);
      case PAGE -> ranged(kind, status(random), HALF, random);
      case STATUS -> ranged(kind, status(random), NARROW, random);
    };
  }

  private static String status(SplittableRandom random) {
    return Order.STATUS.get(random.nextInt(Order.STATUS.size()));
  }

  private static Question ranged(Kind kind, String text, int width, SplittableRandom random) {
    int from = random.nextInt(Orders.CENTS - width);
    return new Question(kind, text, from, from + width);
  }

  double low() {
    return Orders.total(from);
  }

  double high() {
    return Orders.total(to);
  }

  String path() {
    return switch (kind) {
      case EQUAL -> "customer.email";
      case UNDECLARED -> "address.zip";
      case MEMBER -> "items.[].sku";
      case TOP_OF, TWO -> "address.city";
      case PAGE, STATUS -> "status";
      case RANGE_LIMIT, RANGE_SORT -> "total";
    };
  }
}
