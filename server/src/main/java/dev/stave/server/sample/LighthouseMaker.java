package dev.stave.server.sample;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;

/**
 * Makes one lighthouse after the other, always the same ones. As in real data, members are missing
 * here and there, and some hold a text in one document and an object in the next.
 */
final class LighthouseMaker {

  private static final List<String> REGIONS =
      List.of(
          "North Sound", "Gannet Isles", "Old Harbour", "Saltmarsh", "Cape Verity", "The Teeth");
  private static final List<String> FIRST_NAMES =
      List.of(
          "Gull", "Anchor", "Widow", "Kelp", "Storm", "Seal", "Herring", "Bell", "Raven", "Mist");
  private static final List<String> LAST_NAMES =
      List.of("Point", "Rock", "Head", "Skerry", "Ness", "Bar", "Island", "Reach");
  private static final List<String> KEEPERS =
      List.of("Ines Calder", "Jonah Pike", "Maud Ferrier", "Olaf Sund", "Bridie Keane", "Piet Vos");
  private static final List<String> INSPECTORS =
      List.of("Ruth Amsel", "Tomas Brandt", "Nadia Okoro", "Lewis Hart");
  private static final List<String> SHAPES = List.of("round", "octagonal", "square", "skeletal");
  private static final List<String> MATERIALS =
      List.of("granite", "brick", "cast iron", "concrete");
  private static final List<String> PARTS =
      List.of("lens", "lantern glass", "gallery rail", "stairs", "fog horn", "render", "wiring");
  private static final List<String> COLOURS = List.of("white", "red", "green");

  private final Random random = new Random(1_861);

  ObjectNode next() {

    ObjectNode lighthouse = JsonNodeFactory.instance.objectNode();
    lighthouse.put("type", "lighthouse");
    lighthouse.put("name", one(FIRST_NAMES) + " " + one(LAST_NAMES));
    lighthouse.put("region", one(REGIONS));
    lighthouse.putObject("position").put("lat", degrees(51, 6)).put("lon", degrees(-9, 7));
    int built = 1_780 + random.nextInt(170);
    lighthouse.putObject("built").put("year", built).put("material", one(MATERIALS));
    tower(lighthouse.putObject("tower"));
    light(lighthouse.putObject("light"));
    keepers(lighthouse, built);
    access(lighthouse);
    inspections(lighthouse.putArray("inspections"));
    if (chance(30)) {
      lighthouse.putArray("tags").add(chance(50) ? "listed building" : "bird colony");
    }
    return lighthouse;
  }

  private void tower(ObjectNode tower) {
    tower.put("height_m", 8 + random.nextInt(45)).put("shape", one(SHAPES));
    ArrayNode colours = tower.putArray("colours").add("white");
    if (chance(40)) {
      colours.add(one(List.of("red", "black", "yellow")));
    }
  }

  private void light(ObjectNode light) {
    int flashes = 1 + random.nextInt(4);
    light.put("character", flashes == 1 ? "Fl" : "Fl(" + flashes + ")");
    light.put("period_s", BigDecimal.valueOf(50L + 5 * random.nextInt(50), 1));
    light.put("range_nm", 6 + random.nextInt(22));
    ArrayNode sectors = light.putArray("sectors");
    int from = 0;
    for (int i = 0; i <= random.nextInt(3); i++) {
      int to = from + 40 + random.nextInt(80);
      sectors.addObject().put("colour", one(COLOURS)).put("from", from).put("to", to);
      from = to;
    }
    if (chance(60)) {
      light.putObject("lens").put("order", 1 + random.nextInt(6)).put("rotating", chance(50));
    }
  }

  private void keepers(ObjectNode lighthouse, int built) {
    if (chance(15)) {
      lighthouse.putNull("automated"); // there still are keepers
    } else if (chance(10)) {
      lighthouse.put("automated", "unknown");
    } else {
      lighthouse.put("automated", 1_955 + random.nextInt(45));
    }
    ArrayNode keepers = lighthouse.putArray("keepers");
    int year = built;
    for (int i = 0; i < random.nextInt(4); i++) {
      ObjectNode keeper = keepers.addObject().put("name", one(KEEPERS)).put("from", year);
      year += 3 + random.nextInt(25);
      keeper.put("to", year);
      if (chance(12)) {
        keeper.put("remark", "saved " + (2 + random.nextInt(9)) + " from a wreck");
      }
    }
  }

  private void access(ObjectNode lighthouse) {
    if (chance(50)) {
      lighthouse.put("access", "by boat");
    } else {
      ObjectNode access = lighthouse.putObject("access");
      access.put("road", chance(70)).put("steps", 20 + random.nextInt(200));
      if (chance(40)) {
        access.putObject("visitors").put("fee", 2 + random.nextInt(9)).put("guided", chance(50));
      }
    }
  }

  private void inspections(ArrayNode inspections) {
    for (int i = 0; i <= random.nextInt(3); i++) {
      ObjectNode inspection = inspections.addObject();
      inspection.put("date", String.format("20%02d-%02d-%02d", 18 + 2 * i, month(), day()));
      inspection.put("by", one(INSPECTORS));
      ArrayNode findings = inspection.putArray("findings");
      for (int f = 0; f < random.nextInt(4); f++) {
        findings.addObject().put("part", one(PARTS)).put("severity", 1 + random.nextInt(5));
      }
      inspection.put("verdict", findings.isEmpty() ? "sound" : "watch");
    }
  }

  private int month() {
    return 1 + random.nextInt(12);
  }

  private int day() {
    return 1 + random.nextInt(28);
  }

  private BigDecimal degrees(int from, int spread) {
    return BigDecimal.valueOf(from * 10_000L + random.nextInt(spread * 10_000), 4);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
