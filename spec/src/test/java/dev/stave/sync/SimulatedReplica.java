package dev.stave.sync;

import dev.stave.database.Database;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.Scope;

/** The real replicas, run by a simulated machine. */
public final class SimulatedReplica {

  private SimulatedReplica() {}

  /** What runs them: threads, time and chance. */
  public interface Machine {

    void execute(Runnable work);

    /** Runs {@code work} later. What is returned takes that back. */
    Runnable after(long millis, Runnable work);

    long millis();

    long random(long bound);
  }

  private record MachineWorkers(Machine machine) implements Workers {
    @Override
    public void execute(Runnable work) {
      machine.execute(work);
    }

    @Override
    public Timer after(long millis, Runnable work) {
      return machine.after(millis, work)::run;
    }

    @Override
    public long millis() {
      return machine.millis();
    }

    @Override
    public long random(long bound) {
      return machine.random(bound);
    }
  }

  public static Replica start(Replica.Builder asked, Machine machine, ReplicationOptions options) {
    return asked.run(new MachineWorkers(machine), options).start();
  }

  /** Up to which sequence of {@code source} both databases say that all is copied. */
  public static long checkpoint(Database source, Database target, Scope scope, Machine machine) {
    LocalPeer from = LocalPeer.of(source);
    LocalPeer to = LocalPeer.of(target);
    Checkpoints checkpoints =
        new Checkpoints(from, to, id(from, to, scope), new MachineWorkers(machine));
    return Long.parseLong(checkpoints.latest());
  }

  /** What {@code home} keeps of the replication from one to the other. */
  public static DeadLetters deadLetters(
      Database home, Database source, Database target, Scope scope) {
    LocalPeer to = LocalPeer.of(target);
    return new DeadLetters(home, id(LocalPeer.of(source), to, scope), to.name());
  }

  private static String id(Peer source, Peer target, Scope scope) {
    return Checkpoints.idOf(source, target, scope.toJson());
  }
}
