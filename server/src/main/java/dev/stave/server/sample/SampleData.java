package dev.stave.server.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.WriteBatch;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lighthouses of a coast that does not exist, the same at every start. On some of them two
 * inspectors wrote while neither had a network: those are in conflict.
 */
public final class SampleData {

  public static final DatabaseName DATABASE = new DatabaseName("lighthouses");

  public static final int DOCUMENTS = 400;

  /** How many of the documents are in conflict. */
  public static final int CONFLICTS = 12;

  /** Every so many documents there is one in conflict. */
  private static final int CONFLICT_EVERY = 33;

  private SampleData() {}

  /** Makes the database and fills it, unless something was written there before. */
  public static void createIfAbsent(Databases databases) {
    databases
        .create(DATABASE)
        .or(() -> databases.find(DATABASE))
        .filter(database -> database.lastSequence() == 0)
        .ifPresent(database -> database.write(documents()));
  }

  /** One batch: a sample is there as a whole or not at all. */
  public static WriteBatch documents() {
    LighthouseMaker maker = new LighthouseMaker();
    List<String> inConflict =
        IntStream.range(0, CONFLICTS).mapToObj(SampleData::conflicting).toList();
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < DOCUMENTS; i++) {
      JsonObject lighthouse = JsonObject.of(maker.next());
      batch.put(id(i), lighthouse);
      if (inConflict.contains(id(i))) {
        addConflict(batch, id(i), lighthouse);
      }
    }
    return batch;
  }

  private static String id(int number) {
    return String.format("lh-%03d", number + 1);
  }

  /** The id of a document in conflict. */
  public static String conflicting(int number) {
    return id(CONFLICT_EVERY * number + 6);
  }

  /** Two edits of the same revision, as two peers bring them. */
  private static void addConflict(WriteBatch batch, String id, JsonObject base) {
    RevisionId parent = RevisionId.of(null, false, base.sharedTree());
    ObjectNode ashore = base.tree();
    inspection(ashore, "2026-03-14", "Ruth Amsel", "sound");
    ObjectNode aboard = base.tree();
    inspection(aboard, "2026-03-15", "Tomas Brandt", "repair before winter");
    aboard.withObject("/tower").put("condition", "cracked render on the weather side");
    for (ObjectNode edit : List.of(ashore, aboard)) {
      RevisionId revision = RevisionId.of(parent, false, edit);
      RevisionPath path = new RevisionPath(List.of(revision, parent), false);
      batch.graft(id, path, JsonObject.of(edit));
    }
  }

  private static void inspection(ObjectNode lighthouse, String date, String by, String verdict) {
    ObjectNode inspection = lighthouse.withArray("inspections").addObject();
    inspection.put("date", date).put("by", by).put("verdict", verdict);
  }
}
