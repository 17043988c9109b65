package dev.stave.spec.sim;

import java.util.Random;
import java.util.SplittableRandom;

/** What all machines of a simulation have in common. */
record Machines(Scheduler scheduler, Network network, Trace trace, Random random, Bug bug) {

  static Machines of(long seed, Bug bug) {
    // of seeds that are neighbours, Random draws nearly the same first numbers
    Random random = new Random(new SplittableRandom(seed).nextLong());
    Scheduler scheduler = new Scheduler(random);
    return new Machines(
        scheduler, new Network(scheduler, random), new Trace(scheduler), random, bug);
  }
}
