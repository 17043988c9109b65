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
    contender.prepare();
    double before = ProcFile.writtenBytes();
    job.workload()
        .run(new Lane(contender, folder, corpus, Settings.fromProperties()), measurements);
    measurements.put(job.label() + Measurements.WRITTEN, ProcFile.writtenBytes() - before);
    measurements.print(System.out);
  }
}
