package dev.stave.spec.bench.storage;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * Makes customers' orders with notes, 700 to 800 bytes of JSON each: names, cities, numbers, UUIDs
 * and sentences. Words are of a made-up vocabulary, short ones and a few of them common, as in any
 * language, so that the text compresses about as text does. The same seed gives the same orders.
 */
final class TextMaker {

  private static final int WORDS = 4_000;
  private static final int NAMES = 800;
  private static final int CITIES = 400;
  private static final int SHORTEST = 700;
  private static final int SPREAD = 60;
  private static final String[] ONSETS = {
    "b", "br", "c", "ch", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "qu", "r", "s",
    "st", "t", "tr", "v", "w", ""
  };
  private static final String[] VOWELS = {"a", "e", "i", "o", "u", "ea", "ou", "ie"};
  private static final String[] ENDS = {"", "", "n", "r", "s", "t", "l", "ng", "nd", "ck"};
  private static final String[] STATUS = {
    "open", "paid", "packed", "sent", "delivered", "returned"
  };

  private final Random random;
  private final String[] words;
  private final String[] names;
  private final String[] cities;

  TextMaker(long seed) {
    this.random = new Random(seed);
    this.words = vocabulary(WORDS, 3);
    this.names = vocabulary(NAMES, 3);
    this.cities = vocabulary(CITIES, 4);
  }

  /** Words of one syllable to {@code syllables}; the common ones, which come first, are short. */
  private String[] vocabulary(int size, int syllables) {
    String[] vocabulary = new String[size];
    for (int i = 0; i < size; i++) {
      int count = Math.min(syllables, 1 + random.nextInt(1 + i * syllables / size + 1));
      StringBuilder word = new StringBuilder();
      for (int s = 0; s < count; s++) {
        word.append(pick(ONSETS)).append(pick(VOWELS));
      }
      vocabulary[i] = word.append(pick(ENDS)).toString();
    }
    return vocabulary;
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  /** The earlier of the list far more often than the later. */
  private String common(String[] from) {
    double skewed = Math.pow(random.nextDouble(), 3);
    return from[(int) (skewed * from.length)];
  }

  byte[] next() {
    StringBuilder json = new StringBuilder(1_000);
    json.append("{\"id\":\"").append(new UUID(random.nextLong(), random.nextLong()));
    json.append("\",\"status\":\"").append(pick(STATUS));
    json.append("\",\"customer\":{\"name\":\"").append(capital(common(names))).append(' ');
    json.append(capital(pick(names))).append("\",\"email\":\"").append(pick(names)).append('.');
    json.append(pick(names)).append("@example.org\",\"phone\":\"+").append(number(10_000_000_000L));
    json.append("\",\"address\":{\"street\":\"").append(capital(pick(names))).append(" street ");
    json.append(number(300)).append("\",\"city\":\"").append(capital(common(cities)));
    json.append("\",\"zip\":\"").append(number(100_000)).append("\"}},\"items\":[");
    int items = 1 + random.nextInt(3);
    for (int i = 0; i < items; i++) {
      json.append(i == 0 ? "" : ",")
          .append("{\"sku\":\"")
          .append(Long.toHexString(number(1L << 40)));
      json.append("\",\"name\":\"").append(common(words)).append(' ').append(pick(words));
      json.append("\",\"quantity\":").append(1 + random.nextInt(9));
      json.append(",\"price\":").append(money(200)).append('}');
    }
    json.append("],\"total\":").append(money(2_000)).append(",\"paid\":");
    json.append(random.nextBoolean()).append(",\"created\":\"2026-").append(date());
    json.append("\",\"note\":\"");
    int length = SHORTEST + random.nextInt(SPREAD);
    while (json.length() < length) {
      sentence(json);
    }
    return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private void sentence(StringBuilder to) {
    int count = 4 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      String word = common(words);
      to.append(i == 0 ? capital(word) : " " + word);
    }
    to.append(". ");
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private long number(long below) {
    return (long) (random.nextDouble() * below);
  }

  private String money(int below) {
    return String.format(Locale.ROOT, "%.2f", random.nextDouble() * below);
  }

  private String date() {
    return String.format(
        Locale.ROOT,
        "%02d-%02dT%02d:%02d:%02dZ",
        1 + random.nextInt(12),
        1 + random.nextInt(28),
        random.nextInt(24),
        random.nextInt(60),
        random.nextInt(60));
  }
}
