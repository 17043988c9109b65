package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@link Simulation}, of the seeds from {@code stave.sim.from} on, or of one. */
class SimulationTest {

  private static final long FROM = Long.getLong("stave.sim.from", 1);
  private static final long SEEDS = Long.getLong("stave.sim.seeds", 300);
  private static final String ONE = System.getProperty("stave.sim.seed", "");

  @Test
  void run_manySeeds_allHolds() {
    if (!ONE.isEmpty()) {
      System.out.println("SimulationTest: " + Simulation.run(Long.parseLong(ONE)));
      return;
    }
    long lines = 0;
    for (long seed = FROM; seed < FROM + SEEDS; seed++) {
      lines += Simulation.run(seed).lines();
    }
    System.out.println(
        "SimulationTest: seeds " + FROM + " to " + (FROM + SEEDS - 1) + ", " + lines + " events");
  }

  @Test
  void run_oneSeedTwice_isTheSame() {
    for (long seed = 1; seed <= 10; seed++) {
      assertThat(Simulation.run(seed)).isEqualTo(Simulation.run(seed));
    }
  }
}
