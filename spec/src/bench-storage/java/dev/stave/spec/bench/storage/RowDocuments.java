package dev.stave.spec.bench.storage;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Documents as the three bare rows that Stave stores of each, in an engine that groups writers. */
final class RowDocuments implements DocumentStore {

  private final Engine engine;
  private final List<Engine.Batch> open = new CopyOnWriteArrayList<>();
  private final ThreadLocal<Engine.Batch> batches = ThreadLocal.withInitial(this::newBatch);

  RowDocuments(Engine engine) {
    this.engine = engine;
    UsedLog.in(engine);
  }

  private Engine.Batch newBatch() {
    Engine.Batch batch = engine.batch();
    open.add(batch);
    return batch;
  }

  @Override
  public void put(long number) {
    Engine.Batch batch = batches.get();
    byte[] json = Rows.smallJson(number).getBytes(StandardCharsets.UTF_8);
    batch.put(Rows.bodyKey(number), json);
    batch.put(Rows.changeKey(number), Rows.change(number));
    batch.put(Rows.headerKey(number), Rows.header(number, number));
    batch.commit();
  }

  @Override
  public void close() {
    open.forEach(Engine.Batch::close);
    engine.close();
  }
}
