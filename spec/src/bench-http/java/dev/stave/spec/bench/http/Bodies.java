package dev.stave.spec.bench.http;

import java.util.Random;

/** Documents of a kilobyte, the same for everybody. */
public final class Bodies {

  private static final String[] CITIES = {"Paris", "Oslo", "Lima", "Quito", "Cairo", "Kyoto"};
  private static final int TEXT = 700;
  private static final int ADULT = 18;
  private static final int AGES = 60;

  private Bodies() {}

  /** The members of document {@code number}, without braces. */
  public static String members(long number) {
    Random random = new Random(number);
    StringBuilder text = new StringBuilder(TEXT);
    while (text.length() < TEXT) {
      text.append(Integer.toString(random.nextInt(1 << 30), Character.MAX_RADIX)).append(' ');
    }
    return "\"name\":\"person "
        + number
        + "\",\"age\":"
        + (ADULT + random.nextInt(AGES))
        + ",\"address\":{\"city\":\""
        + CITIES[random.nextInt(CITIES.length)]
        + "\",\"zip\":"
        + random.nextInt(100_000)
        + "},\"tags\":[\"t"
        + random.nextInt(50)
        + "\",\"t"
        + random.nextInt(50)
        + "\"],\"active\":"
        + random.nextBoolean()
        + ",\"note\":\""
        + text
        + "\"";
  }

  public static String id(long number) {
    return String.format("doc-%09d", number);
  }

  /** The body of {@code _bulk_docs} with so many documents from {@code first} on. */
  public static String bulk(long first, int count) {
    StringBuilder docs = new StringBuilder("{\"docs\":[");
    for (int i = 0; i < count; i++) {
      docs.append(i == 0 ? "" : ",").append("{\"_id\":\"").append(id(first + i)).append("\",");
      docs.append(members(first + i)).append('}');
    }
    return docs.append("]}").toString();
  }
}
