package dev.stave.spec.bench.sync;

import dev.stave.spec.bench.http.Bodies;
import java.util.Random;

/**
 * Documents of a kilobyte with a text of words in them, the same for everybody: of bytes that are
 * all chance, as {@link Bodies} has them, no compression could be told.
 */
final class Notes {

  private static final String[] WORDS =
      ("the of and to in a is that it was for on are as with his they at be this from have or by one"
              + " had not but what all were when we there can an your which their said if do will each"
              + " about how up out them then she many some so these would other into has more her two"
              + " like him see time could no make than first been its who now people my made over did"
              + " down only way find use may water long little very after words called just where most"
              + " know harbour lantern keeper tide vessel granite gallery signal weather bearing relief"
              + " channel anchor mooring ledger inspection lens vapour burner foghorn schedule supply"
              + " gale northerly repaired replaced cracked rusted painted visible reported observed")
          .split(" ");

  private static final int TEXT = 800;

  private Notes() {}

  /** The members of document {@code number}, without braces. */
  static String members(long number) {
    Random random = new Random(number);
    StringBuilder text = new StringBuilder(TEXT);
    while (text.length() < TEXT) {
      int common = Math.min(random.nextInt(WORDS.length), random.nextInt(WORDS.length));
      text.append(WORDS[common]).append(random.nextInt(12) == 0 ? ". " : " ");
    }
    return "\"author\":\"keeper "
        + random.nextInt(200)
        + "\",\"station\":{\"name\":\"station "
        + random.nextInt(900)
        + "\",\"lat\":"
        + random.nextInt(1_800_000) / 10_000.0
        + ",\"lon\":"
        + random.nextInt(3_600_000) / 10_000.0
        + "},\"tags\":[\"t"
        + random.nextInt(50)
        + "\",\"t"
        + random.nextInt(50)
        + "\"],\"open\":"
        + random.nextBoolean()
        + ",\"note\":\""
        + text
        + "\"";
  }

  static String id(long number) {
    return Bodies.id(number);
  }

  /** The body of {@code _bulk_docs} with so many documents from {@code first} on. */
  static String bulk(long first, int count) {
    StringBuilder docs = new StringBuilder("{\"docs\":[");
    for (int i = 0; i < count; i++) {
      docs.append(i == 0 ? "" : ",").append("{\"_id\":\"").append(id(first + i)).append("\",");
      docs.append(members(first + i)).append('}');
    }
    return docs.append("]}").toString();
  }
}
