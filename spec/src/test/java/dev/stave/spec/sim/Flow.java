package dev.stave.spec.sim;

import dev.stave.sync.Replica;
import dev.stave.sync.ReplicationOptions;

/**
 * What one machine copies for as long as it is on.
 *
 * @param home runs it: the source, which pushes, or the target, which pulls
 */
record Flow(Node source, Node target, Node home, ReplicationOptions options) {

  Node other() {
    return home == source ? target : source;
  }

  boolean isPush() {
    return home == source;
  }

  boolean isOn() {
    return source.isOn() && target.isOn();
  }

  Replica.Builder replica(Machines machines) {
    Replica.Builder asked =
        Replica.of(home.database()).with(new RemotePeer(home, other(), machines));
    return isPush() ? asked.push() : asked.pull();
  }

  @Override
  public String toString() {
    return source.name() + "→" + target.name() + (isPush() ? " pushed" : " pulled");
  }
}
