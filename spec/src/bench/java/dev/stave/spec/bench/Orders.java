package dev.stave.spec.bench;

import dev.stave.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;

/**
 * Orders of a shop: about 0.8 KB each, 35 values at 18 paths. The same number gives the same order.
 */
final class Orders {

  static final String[] CITIES = {
    "Paris", "Lyon", "Rome", "Oslo", "Bern", "Kyiv", "Riga", "Cork", "Graz", "Nice"
  };

  private Orders() {}

  static String id(int number) {
    return "order-" + number;
  }

  static JsonObject order(int number) {
    return JsonObject.parse(json(number));
  }

  /** The text alone, for benchmarks that are not to measure the making of it. */
  static byte[] json(int number) {
    Random random = new Random(number);
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      items.append(i == 0 ? "" : ",").append(item(random));
    }
    return String.format(
            Locale.ROOT,
            "{\"number\":%d,\"status\":\"%s\",\"total\":%.2f,\"paid\":%b,"
                + "\"customer\":{\"name\":\"Customer %d\",\"email\":\"c%d@example.org\","
                + "\"address\":{\"street\":\"Street %d\",\"city\":\"%s\",\"zip\":\"%05d\"}},"
                + "\"tags\":[\"t%d\",\"t%d\"],\"items\":[%s],"
                + "\"note\":\"Leave it at the door, and ring twice; thank you for all of it.\","
                + "\"created\":\"2026-11-%02dT10:00:00Z\"}",
            number,
            random.nextInt(10) == 0 ? "open" : "closed",
            random.nextInt(100_000) / 100.0,
            random.nextBoolean(),
            random.nextInt(20_000),
            number,
            random.nextInt(500),
            CITIES[random.nextInt(CITIES.length)],
            random.nextInt(100_000),
            random.nextInt(50),
            random.nextInt(50),
            items,
            1 + random.nextInt(28))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String item(Random random) {
    return String.format(
        Locale.ROOT,
        "{\"sku\":\"sku-%d\",\"name\":\"Some item of name %d\",\"quantity\":%d,\"price\":%.2f}",
        random.nextInt(20_000),
        random.nextInt(1_000),
        1 + random.nextInt(9),
        random.nextInt(10_000) / 100.0);
  }
}
