package dev.stave.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.database.Database;
import dev.stave.json.JsonObject;

/**
 * How far one database has been copied to another: a local document on both sides. Each side may be
 * set back by a backup, or begin anew, so the lower of the two counts.
 */
final class Checkpoints {

  private static final String SEQUENCE = "source_last_seq";

  private final Database source;
  private final Database target;
  private final String id;

  Checkpoints(Database source, Database target) {
    this.source = source;
    this.target = target;
    this.id = source.uuid() + "-to-" + target.uuid();
  }

  /** The source sequence below which all is on the target. */
  long latest() {
    return Math.min(read(source), read(target));
  }

  private long read(Database side) {
    return side.getLocal(id)
        .map(checkpoint -> checkpoint.sharedTree().path(SEQUENCE))
        .map(JsonNode::longValue)
        .orElse(0L);
  }

  /** Writes the target's first: a crash between the two repeats work and skips none. */
  void record(long sequence) {
    JsonObject checkpoint =
        JsonObject.of(JsonNodeFactory.instance.objectNode().put(SEQUENCE, sequence));
    target.putLocal(id, checkpoint);
    source.putLocal(id, checkpoint);
  }
}
