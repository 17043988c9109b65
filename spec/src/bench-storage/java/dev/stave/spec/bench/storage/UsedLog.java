package dev.stave.spec.bench.storage;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Fills an engine's log a few times over. A database in use has old logs to write over, and syncs
 * faster than a new one, whose file must grow: RocksDB's single commits by several times.
 */
final class UsedLog {

  private static final int COMMITS = 128;
  private static final int ROWS = 1_024;
  private static final int VALUE_BYTES = 1_024;

  private UsedLog() {}

  static void in(Engine engine) {
    Random random = new Random(Settings.SEED);
    try (Engine.Batch batch = engine.batch()) {
      for (int commit = 0; commit < COMMITS; commit++) {
        for (int row = 0; row < ROWS; row++) {
          byte[] value = new byte[VALUE_BYTES];
          random.nextBytes(value);
          batch.put(key(commit * ROWS + row), value);
        }
        batch.commit();
      }
    }
    engine.settle();
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(5).put((byte) 'x').putInt(number).array();
  }
}
