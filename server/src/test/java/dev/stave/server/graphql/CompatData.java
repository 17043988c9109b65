package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import java.util.List;
import java.util.Random;

/**
 * Data whose names are data, with the structure of the tables that say which browser knows what:
 * api, interface, member, and in each a {@code __compat} with the support of each browser. Every
 * interface is a document, and each has its own paths. Always the same.
 */
final class CompatData {

  private static final List<String> BROWSERS = List.of("chrome", "edge", "firefox", "safari");

  private final Random random = new Random(30_000);

  /** Writes so many interfaces, in one batch. */
  static void write(Database database, int interfaces) {
    CompatData data = new CompatData();
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < interfaces; i++) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.put("type", "feature");
      body.putObject("api").set("Interface" + i, data.anInterface(i));
      batch.put("api." + i, JsonObject.of(body));
    }
    database.write(batch);
  }

  private ObjectNode anInterface(int number) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.set("__compat", compat());
    for (int i = 0; i < 5; i++) {
      object.putObject("member" + number + "_" + i).set("__compat", compat());
    }
    return object;
  }

  private ObjectNode compat() {
    ObjectNode compat = JsonNodeFactory.instance.objectNode();
    compat.put("mdn_url", "https://example.org/" + random.nextInt(1_000));
    ObjectNode support = compat.putObject("support");
    for (String browser : BROWSERS) {
      if (random.nextInt(10) == 0) {
        support.putArray(browser).add(statement()).add(statement());
      } else {
        support.set(browser, statement());
      }
    }
    compat
        .putObject("status")
        .put("experimental", random.nextBoolean())
        .put("standard_track", true)
        .put("deprecated", false);
    return compat;
  }

  private ObjectNode statement() {
    ObjectNode statement = JsonNodeFactory.instance.objectNode();
    switch (random.nextInt(4)) {
      case 0 -> statement.put("version_added", random.nextBoolean());
      case 1 -> statement.putNull("version_added");
      default -> statement.put("version_added", String.valueOf(1 + random.nextInt(120)));
    }
    if (random.nextInt(5) == 0) {
      statement.put("notes", "behind a flag");
      statement.putArray("flags").addObject().put("type", "preference").put("name", "x.enabled");
    }
    return statement;
  }
}
