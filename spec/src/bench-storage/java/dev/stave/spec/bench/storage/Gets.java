package dev.stave.spec.bench.storage;

import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Random rows of the documents that the bulk load left, freshly opened: bodies and headers out of
 * one snapshot, and headers with a snapshot for each. The first half warms up.
 */
final class Gets implements Workload {

  @Override
  public void run(Lane lane, Measurements measurements) {
    try (Engine engine = lane.open()) {
      try (Engine.Reader reader = engine.reader()) {
        measure("getBody", lane, measurements, Rows::bodyKey, reader::get);
        measure("getSmall", lane, measurements, Rows::headerKey, reader::get);
      }
      measure("getLatest", lane, measurements, Rows::headerKey, engine::get);
    }
  }

  /** As {@link Engine.Reader#get}. */
  private interface Get {
    void get(byte[] key, Engine.Visitor visitor);
  }

  private static void measure(
      String name, Lane lane, Measurements measurements, IntFunction<byte[]> keys, Get get) {
    int gets = lane.settings().gets();
    Random random = new Random(Settings.SEED);
    Digest digest = new Digest();
    Consumer<Integer> run =
        count -> {
          for (int i = 0; i < count; i++) {
            get.get(keys.apply(random.nextInt(lane.settings().documents())), digest);
          }
        };
    run.accept(gets);
    measurements.rates(name, gets, Cost.of(() -> run.accept(gets)));
    measurements.put(name + Measurements.CHECK, digest.sum());
  }
}
