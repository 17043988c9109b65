package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.sync.DeadLetters;
import dev.stave.sync.Progress;
import dev.stave.sync.Replica;
import dev.stave.sync.ReplicaState;
import java.util.Random;

/**
 * Strategy: two to five machines, in a star, a chain or a mesh, push and pull live, with the real
 * databases and replicas, on a clock, threads, disks and a network that are simulated. Documents
 * are edited, deleted and merged on all of them, while messages are late, lost, said twice and
 * garbled, lines are cut one way or both, machines are slow, lose their power in the middle of a
 * commit and come back, and clocks jump. Some let nobody bring them one of the documents. Then all
 * is healed; and then what was refused is let in.
 *
 * <p>Invariants: at any moment what a replica says of an edit is true of the peer, and no
 * checkpoint is ahead of what the target has. Once healed, what a target lacks is a dead letter,
 * and nothing else is; once let in, all machines have the same, every acknowledged edit is in it,
 * and every index answers as a scan does.
 */
final class Simulation {

  private static final int ROUNDS = 60;
  private static final int ROUND_MILLIS = 600_000;

  private final Machines machines;
  private final Random random;
  private final Bug bug;
  private final Fleet fleet;
  private final Actions actions;
  private final StatusChecker status;
  private final ScopeChecker scopes;
  private final CheckpointChecker checkpoints = new CheckpointChecker();

  private Simulation(long seed, Bug bug) {
    this.bug = bug;
    this.machines = Machines.of(seed, bug);
    this.random = machines.random();
    this.fleet = new Fleet(machines);
    this.actions = new Actions(fleet);
    this.status = new StatusChecker(bug);
    this.scopes = new ScopeChecker(bug);
  }

  /** What a run was, as a number: two of one seed are the same. */
  record Result(long hash, long lines) {}

  /**
   * Runs it.
   *
   * @throws AssertionError if anything is wrong: what, and how to see it again
   */
  static Result run(long seed) {
    return run(seed, Bug.NONE);
  }

  static Result run(long seed, Bug bug) {
    Simulation simulation = new Simulation(seed, bug);
    try {
      simulation.go();
      return new Result(simulation.machines.trace().hash(), simulation.machines.trace().lines());
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed "
              + seed
              + ": "
              + e.getMessage()
              + "\nThe same again: mvn -o -pl core,sync,server,spec -Pchaos -Dseed="
              + seed
              + " verify -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false\n"
              + simulation.machines.trace().end(),
          e);
    } finally {
      simulation.actions.end();
      simulation.fleet.close();
    }
  }

  private void go() {
    if (random.nextBoolean()) {
      actions.setRules();
    }
    int steps = 30 + random.nextInt(120);
    for (int step = 0; step < steps; step++) {
      actions.any();
      machines.scheduler().pass(random.nextInt(random.nextInt(4) == 0 ? 60_000 : 500));
      fleet.nodes().stream().filter(Node::isOn).forEach(node -> bug.between(node.database()));
      if (bug.looksMeanwhile()) {
        status.check(fleet);
        checkpoints.check(fleet);
        fleet.phone().ifPresent(phone -> scopes.check(fleet, phone));
      }
    }
    actions.heal();
    settle();
    new LostEditChecker().checkHomes(fleet);
    new DeadLetterChecker().check(fleet);
    letIn();
    settle();
    new DeadLetterChecker().check(fleet);
    new ConvergenceChecker().check(fleet);
    new LostEditChecker().checkAll(fleet);
    status.checkFinal(fleet);
    fleet.phone().ifPresent(phone -> scopes.checkFinal(fleet, phone));
    checkpoints.check(fleet);
    fleet.nodes().forEach(new IndexChecker(bug)::check);
    fleet
        .nodes()
        .forEach(node -> machines.trace().add(node + " ends at " + node.database().lastSequence()));
  }

  private void letIn() {
    fleet.nodes().forEach(node -> node.refuses = id -> false);
    for (Flow flow : fleet.flows()) {
      Fleet.deadLetters(flow).retryAll();
      flow.home().replicas().get(flow).hint();
    }
    fleet.phone().map(Phone::replica).ifPresent(Simulation::letIn);
  }

  private static void letIn(Replica replica) {
    replica.deadLetters().ifPresent(DeadLetters::retryAll);
    replica.hint();
  }

  /** Waits until nothing has been done for a while. */
  private void settle() {
    long lines = -1;
    for (int i = 0; i < ROUNDS && lines != machines.trace().lines(); i++) {
      lines = machines.trace().lines();
      machines.scheduler().pass(ROUND_MILLIS);
    }
    for (Flow flow : fleet.flows()) {
      assertThat(state(flow)).as("convergence: %s is at rest", flow).isEqualTo(Progress.State.IDLE);
    }
  }

  private static Progress.State state(Flow flow) {
    Replica replica = flow.home().replicas().get(flow);
    ReplicaState state = replica.state();
    Progress progress = flow.isPush() ? state.push().orElseThrow() : state.pull().orElseThrow();
    if (progress.error() != null && progress.state() == Progress.State.FAILED) {
      throw new AssertionError("convergence: " + flow + " failed: " + progress.error());
    }
    return progress.state();
  }
}
