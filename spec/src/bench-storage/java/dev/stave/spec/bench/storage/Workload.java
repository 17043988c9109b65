package dev.stave.spec.bench.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Something to do with a contender, in a process of its own. */
interface Workload {

  /** Runs it in {@code lane}'s folder, which nobody has open, and notes what it cost. */
  void run(Lane lane, Measurements measurements) throws IOException;

  /** What a workload needs: who runs, where, with which documents, and how far. */
  record Lane(Contender contender, Path folder, Corpus corpus, Settings settings) {

    Engine open() {
      return contender.open(folder);
    }
  }
}
