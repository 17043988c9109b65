package dev.stave.spec.bench.query;

import dev.stave.spec.bench.storage.Sleep;
import dev.stave.storage.FileStorage;
import dev.stave.storage.Storage;
import dev.stave.storage.StorageBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What Stave's storage alone makes of the documents: a body and a header of 60 bytes each, with no
 * parsing, no revision and no index. For the bulk load only: the rest is not asked of it.
 */
final class StorageEngine implements Engine {

  private static final int HEADER_BYTES = 60;
  private static final int QUIET_POLLS = 10;

  private final Storage storage;

  StorageEngine(Path folder) {
    storage = FileStorage.open(folder);
  }

  @Override
  public void insert(int first, List<byte[]> bodies) {
    StorageBatch batch = new StorageBatch();
    for (int i = 0; i < bodies.size(); i++) {
      long number = first + i;
      byte[] header = ByteBuffer.allocate(HEADER_BYTES).putLong(number).array();
      batch.put(ByteBuffer.allocate(9).put((byte) 'b').putLong(number).array(), bodies.get(i));
      batch.put(("h" + Orders.id(first + i)).getBytes(StandardCharsets.UTF_8), header);
    }
    storage.commit(batch);
  }

  @Override
  public int get(String id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<String> find(Question question) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setStatus(Map<String, String> byId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void settle() {
    for (int quiet = 0; quiet < QUIET_POLLS; Sleep.millis(10)) {
      quiet = dev.stave.spec.bench.storage.StaveEngine.isIdle() ? quiet + 1 : 0;
    }
  }

  @Override
  public void close() {
    storage.close();
  }
}
