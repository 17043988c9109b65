package dev.stave.spec.sim;

import java.util.Random;

/** What all machines of a simulation have in common. */
record Machines(Scheduler scheduler, Network network, Trace trace, Random random, Bug bug) {

  static Machines of(long seed, Bug bug) {
    Random random = new Random(seed);
    Scheduler scheduler = new Scheduler(random);
    return new Machines(
        scheduler, new Network(scheduler, random), new Trace(scheduler), random, bug);
  }
}
