package dev.stave.spec.bench.storage;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * New bodies for random documents, 100 a commit: the header is read, the old body and change are
 * deleted, new ones are put at the next sequence, and the header is written again.
 */
final class Updates implements Workload {

  private final Stopwatch commits = new Stopwatch();
  private long nextSequence;
  private long bodySequence; // what the header that was read last says

  @Override
  public void run(Lane lane, Measurements measurements) {
    Engine engine = lane.open();
    Cost cost =
        Cost.of(
            () -> {
              update(engine, lane);
              engine.settle();
              engine.close();
            });
    measurements.rates("update", lane.settings().updates(), cost);
    measurements.put("update" + Measurements.STALL, commits.longestMillis());
  }

  private void update(Engine engine, Lane lane) {
    Random random = new Random(Settings.SEED);
    nextSequence = lane.settings().documents();
    long end = nextSequence + lane.settings().updates();
    try (Engine.Batch batch = engine.batch()) {
      while (nextSequence < end) {
        long commitEnd = Math.min(end, nextSequence + Settings.UPDATE_COMMIT);
        fill(batch, engine, lane, random, commitEnd);
        commits.time(batch::commit);
      }
    }
  }

  private void fill(Engine.Batch batch, Engine engine, Lane lane, Random random, long commitEnd) {
    Set<Integer> numbers = new HashSet<>(); // a document comes once a commit
    try (Engine.Reader reader = engine.reader()) {
      while (nextSequence < commitEnd) {
        int number = random.nextInt(lane.settings().documents());
        if (numbers.add(number)) {
          updateOne(number, batch, reader, lane.corpus());
        }
      }
    }
  }

  private void updateOne(int number, Engine.Batch batch, Engine.Reader reader, Corpus corpus) {
    byte[] header = Rows.headerKey(number);
    reader.get(header, (key, value, length) -> bodySequence = Rows.sequenceIn(value));
    long sequence = nextSequence++;
    batch.delete(Rows.bodyKey(bodySequence));
    batch.delete(Rows.changeKey(bodySequence));
    batch.put(Rows.bodyKey(sequence), corpus.body(sequence));
    batch.put(Rows.changeKey(sequence), Rows.change(sequence));
    batch.put(header, Rows.header(number, sequence));
  }
}
