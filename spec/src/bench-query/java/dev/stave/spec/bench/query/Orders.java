package dev.stave.spec.bench.query;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Makes orders of about 0.8 KB with 25 paths. The same number, among as many orders, is the same
 * order always.
 *
 * <pre>
 * customer.email, address.zip   ten orders have the same
 * total                         0.00 to 999.99, evenly
 * created                       every order another, in no order
 * address.city                  100 of them; status: 5
 * items.[].sku                  1 to 3 an order, about twenty orders have the same
 * </pre>
 */
final class Orders {

  static final int CITIES = 100;
  static final int CENTS = 100_000;
  static final int SAME = 10;
  private static final int ID_BASE = 10_000_000; // ids sort as their numbers do
  private static final long SEED = 20_260_101;
  private static final Instant FIRST = Instant.parse("2025-01-01T00:00:00Z");
  private static final int SECONDS_APART = 17;
  private static final int SHORTEST = 760;
  private static final int SPREAD = 60;

  // Primes, so that multiplying by them shuffles.
  private static final long EMAIL_STEP = 7_919;
  private static final long ZIP_STEP = 104_729;
  private static final long RANK_STEP = 1_299_709;

  private final int count;

  Orders(int count) {
    this.count = count;
  }

  /** How many different emails, zips and articles there are. */
  int values() {
    return Math.max(1, count / SAME);
  }

  int count() {
    return count;
  }

  static String id(int number) {
    return "o-" + (ID_BASE + number); // everybody's account: so no Formatter
  }

  static int number(String id) {
    return Integer.parseInt(id.substring(2)) - ID_BASE;
  }

  static String email(int which) {
    return "u" + which + "@example.org";
  }

  static String zip(int which) {
    return "z-" + which;
  }

  static String city(int which) {
    return "City " + which;
  }

  static String sku(int which) {
    return "sku-" + which;
  }

  static String created(int rank) {
    return FIRST.plusSeconds((long) rank * SECONDS_APART).toString();
  }

  static double total(int cents) {
    return cents / 100.0;
  }

  private static SplittableRandom random(int number) {
    return new SplittableRandom(SEED + number * 31L);
  }

  Order order(int number) {
    return order(number, random(number));
  }

  private Order order(int number, SplittableRandom random) {
    int items = 1 + random.nextInt(3);
    return new Order(
        (int) (number * EMAIL_STEP % values()),
        (int) (number * ZIP_STEP % values()),
        random.nextInt(CENTS),
        (int) (number * RANK_STEP % count),
        random.nextInt(CITIES),
        random.nextInt(Order.STATUS.size()),
        random.ints(items, 0, values()).boxed().collect(Collectors.toList()));
  }

  byte[] json(int number) {
    SplittableRandom random = random(number);
    Order order = order(number, random);
    StringBuilder json = new StringBuilder(1_000);
    json.append("{\"number\":").append(number);
    json.append(",\"customer\":{\"id\":\"c").append(random.nextInt(count));
    json.append("\",\"name\":\"Name ").append(random.nextInt(5_000));
    json.append("\",\"email\":\"").append(email(order.email()));
    json.append("\",\"vip\":").append(random.nextInt(10) == 0);
    json.append("},\"status\":\"").append(order.statusText());
    json.append("\",\"total\":").append(total(order.cents()));
    json.append(",\"currency\":\"EUR\",\"channel\":\"web").append(random.nextInt(4));
    json.append("\",\"created\":\"").append(created(order.rank()));
    json.append("\",\"address\":{\"street\":\"").append(random.nextInt(300)).append(" rue ");
    json.append(random.nextInt(1_000)).append("\",\"city\":\"").append(city(order.city()));
    json.append("\",\"zip\":\"").append(zip(order.zip()));
    json.append("\",\"geo\":{\"lat\":").append(random.nextInt(900_000) / 10_000.0);
    json.append(",\"lon\":").append(random.nextInt(1_800_000) / 10_000.0);
    json.append("}},\"items\":[").append(items(order.skus(), random));
    json.append("],\"tags\":[\"t").append(random.nextInt(50)).append("\",\"t");
    json.append(50 + random.nextInt(50)).append("\"],\"priority\":").append(random.nextInt(3));
    json.append(",\"gift\":").append(random.nextBoolean());
    json.append(",\"shipping\":{\"carrier\":\"carrier").append(random.nextInt(6));
    json.append("\",\"cost\":").append(random.nextInt(2_000) / 100.0);
    json.append(",\"eta\":").append(random.nextInt(14)).append("},\"note\":\"");
    int length = SHORTEST + random.nextInt(SPREAD);
    while (json.length() < length) {
      json.append("word").append(random.nextInt(1_000)).append(' ');
    }
    return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String items(List<Integer> skus, SplittableRandom random) {
    return skus.stream()
        .map(
            sku ->
                String.format(
                    Locale.ROOT,
                    "{\"sku\":\"%s\",\"qty\":%d,\"price\":%.2f}",
                    sku(sku),
                    1 + random.nextInt(5),
                    random.nextInt(20_000) / 100.0))
        .collect(Collectors.joining(","));
  }
}
