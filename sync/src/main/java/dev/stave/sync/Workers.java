package dev.stave.sync;

/** Threads, time and chance of replications: a simulation has its own. */
interface Workers {

  /** Runs {@code work} soon, on a thread that may wait for a network. */
  void execute(Runnable work);

  /** Runs {@code work} after so many milliseconds, unless it is cancelled before. */
  Timer after(long millis, Runnable work);

  /** Now, in milliseconds since 1970 UTC. */
  long millis();

  /** Any number from 0 (included) to {@code bound} (excluded). */
  long random(long bound);

  /** What is to happen later. */
  interface Timer {
    void cancel();
  }
}
