package dev.stave.spec.sim;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.database.DatabaseOptions;
import dev.stave.database.SimulatedDatabase;
import dev.stave.storage.SimulatedDisk;
import dev.stave.storage.Storage;
import dev.stave.sync.Replica;
import dev.stave.sync.SimulatedReplica;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SentRevision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A machine: a disk, a clock, and for as long as it is on a database and its replicas. */
final class Node {

  private static final long BEGAN_MILLIS = 1_700_000_000_000L;

  private final String name;
  private final Machines machines;
  private final DatabaseOptions options;
  private final SimulatedDisk disk;
  private final Map<Flow, Replica> replicas = new LinkedHashMap<>();
  private long skewMillis;
  private Scheduler.Life life = new Scheduler.Life();
  private Database database;
  private LocalPeer peer;
  private Supplier<Replica> more;
  private Replica replica;

  /** Documents that others may not bring here. */
  Predicate<String> refuses = id -> false;

  Node(String name, Machines machines, DatabaseOptions options, SimulatedDisk disk) {
    this.name = name;
    this.machines = machines;
    this.options = options;
    this.disk = disk;
    SimulatedDatabase.name(disk.open(), name);
    life.end();
  }

  String name() {
    return name;
  }

  boolean isOn() {
    return !life.isOver();
  }

  Scheduler.Life life() {
    return life;
  }

  Database database() {
    return database;
  }

  /** As others reach it. */
  LocalPeer peer() {
    return peer;
  }

  Map<Flow, Replica> replicas() {
    return replicas;
  }

  /** What runs here beside flows, whenever it is on. */
  void alsoRuns(Supplier<Replica> starts) {
    more = starts;
  }

  /** That of {@link #alsoRuns}. */
  Optional<Replica> replica() {
    return Optional.ofNullable(replica);
  }

  /** All that run here. */
  List<Replica> running() {
    List<Replica> all = new ArrayList<>(replicas.values());
    replica().ifPresent(all::add);
    return all;
  }

  void copy(Flow flow) {
    replicas.put(flow, null);
    if (isOn()) {
      replicas.put(flow, SimulatedReplica.start(flow.replica(machines), machine(), flow.options()));
    }
  }

  void switchOn() {
    life = new Scheduler.Life();
    Storage storage = disk.open();
    database = SimulatedDatabase.open(storage, options, this::millis);
    peer = LocalPeer.of(database, name, new Refusals());
    replicas.keySet().forEach(this::copy);
    replica = more == null ? null : more.get();
    machines.trace().add(name + " is on at " + database.lastSequence());
  }

  /** As if the power failed. */
  void switchOff() {
    if (isOn()) {
      machines.trace().add(name + " is off");
      life.end();
      disk.cut();
    }
  }

  /** The power fails in one of the next commits. */
  void switchOffWithin(int commits, boolean keepsTheLast) {
    disk.cutAfter(commits, keepsTheLast, this::switchOff);
  }

  void fillDisk(boolean full) {
    machines.trace().add(name + (full ? " has a full disk" : " has room"));
    disk.fill(full);
  }

  void compact() {
    if (isOn()) {
      machines.trace().add(name + " compacts");
      disk.compact();
    }
  }

  /** It is not used any more. */
  void drop() {
    switchOff();
    disk.drop();
  }

  void moveClock(long millis) {
    skewMillis += millis;
  }

  private final class Refusals implements LocalPeer.Rules {
    @Override
    public Predicate<Change> filter(Scope scope) {
      throw new IllegalArgumentException("no filters here");
    }

    @Override
    public Function<SentRevision, Optional<String>> checks() {
      return sent -> refuses.test(sent.id()) ? Optional.of("not at " + name) : Optional.empty();
    }
  }

  /** For what is begun in this life: it does not go on in the next. */
  SimulatedReplica.Machine machine() {
    return new Machine(life);
  }

  private final class Machine implements SimulatedReplica.Machine {
    private final Scheduler.Life mine;

    Machine(Scheduler.Life mine) {
      this.mine = mine;
    }

    @Override
    public void execute(Runnable work) {
      machines.scheduler().spawn(mine, work);
    }

    @Override
    public Runnable after(long millis, Runnable work) {
      return machines.scheduler().after(millis, () -> execute(work));
    }

    @Override
    public long millis() {
      return Node.this.millis();
    }

    @Override
    public long random(long bound) {
      return Math.floorMod(machines.random().nextLong(), bound);
    }
  }

  private long millis() {
    return BEGAN_MILLIS + machines.scheduler().now() + skewMillis;
  }

  @Override
  public String toString() {
    return name;
  }
}
