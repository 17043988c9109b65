package dev.stave.spec.bench.storage;

import dev.stave.spec.bench.storage.Workload.Lane;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One workload with one contender, in a process of its own: {@code job contender folder corpus}.
 */
public final class Child {

  private Child() {}

  public static void main(String[] arguments) throws IOException {
    Job job = Job.valueOf(arguments[0]);
    Contender contender = Contender.valueOf(arguments[1]);
    Path folder = Path.of(arguments[2]);
    Corpus corpus = Corpus.open(Path.of(arguments[3]));
    Measurements measurements = new Measurements();
    Settings settings = Settings.fromProperties();
    contender.prepare();
    warmUp(job, new Lane(contender, folder, corpus, settings));
    double before = ProcFile.writtenBytes();
    job.workload().run(new Lane(contender, folder, corpus, settings), measurements);
    measurements.put(job.label() + Measurements.WRITTEN, ProcFile.writtenBytes() - before);
    measurements.print(System.out);
  }

  /**
   * A quarter of it, on data that is thrown away: what runs for months compiles its code once. The
   * workloads that read, and those that run by time, see to it themselves.
   */
  private static void warmUp(Job job, Lane lane) throws IOException {
    if (job != Job.BULK && job != Job.UPDATE && job != Job.SMALL) {
      return;
    }
    Path other = lane.folder().resolveSibling(lane.folder().getFileName() + "-warm");
    Lane quarter =
        new Lane(lane.contender(), other, lane.corpus(), lane.settings().ofFewerDocuments(4));
    if (job == Job.UPDATE) {
      Job.BULK.workload().run(quarter, new Measurements());
    }
    job.workload().run(quarter, new Measurements());
    Race.delete(other);
  }
}
