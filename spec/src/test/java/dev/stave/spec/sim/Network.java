package dev.stave.spec.sim;

import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.PeerException.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The lines between machines: each message is late, lost, said twice or garbled, as it is drawn.
 */
final class Network {

  private static final int PATIENCE_MILLIS = 30_000;
  private static final int LATE_MILLIS = 20_000;

  /** One way: the other may be good. */
  private record Line(Node from, Node to) {}

  private final Scheduler scheduler;
  private final Random random;
  private final Set<Line> cut = new HashSet<>();
  private final Map<Node, Integer> slow = new HashMap<>();
  private double losing;
  private double repeating;
  private double garbling;

  Network(Scheduler scheduler, Random random) {
    this.scheduler = scheduler;
    this.random = random;
  }

  /** From now on so much goes wrong. */
  void weather(double loses, double repeats, double garbles) {
    losing = loses;
    repeating = repeats;
    garbling = garbles;
  }

  void cut(Node from, Node to) {
    cut.add(new Line(from, to));
  }

  /** What goes to and from {@code node} takes so much longer. */
  void slow(Node node, int times) {
    slow.put(node, times);
  }

  /** Nothing goes wrong any more. */
  void heal() {
    cut.clear();
    slow.clear();
    weather(0, 0, 0);
  }

  boolean isOpen(Node from, Node to) {
    return to.isOn() && !cut.contains(new Line(from, to));
  }

  long delay(Node from, Node to) {
    int times = Math.max(slow.getOrDefault(from, 1), slow.getOrDefault(to, 1));
    return (1L + random.nextInt(random.nextInt(20) == 0 ? 2_000 : 40)) * times;
  }

  /** Takes a message over. The caller waits as long as that takes. */
  void travel(Node from, Node to) {
    if (random.nextDouble() < losing || !isOpen(from, to)) {
      scheduler.sleep(1 + random.nextInt(PATIENCE_MILLIS));
      throw new PeerException(Kind.UNREACHABLE, null, "no answer");
    }
    long delay = delay(from, to);
    if (delay > PATIENCE_MILLIS) {
      scheduler.sleep(PATIENCE_MILLIS);
      throw new PeerException(Kind.UNREACHABLE, null, "no answer in time");
    }
    scheduler.sleep(delay);
    if (!isOpen(from, to)) {
      throw new PeerException(Kind.UNREACHABLE, null, "it broke off");
    }
  }

  /** Says the same once more, some time later. */
  void repeat(Node to, Runnable message) {
    if (random.nextDouble() < repeating) {
      scheduler.after(
          random.nextInt(LATE_MILLIS),
          () -> {
            if (to.isOn()) {
              message.run();
            }
          });
    }
  }

  /** An answer that is none, now and then. */
  void garble() {
    if (random.nextDouble() < garbling) {
      if (random.nextBoolean()) {
        throw new PeerException(Kind.WRONG_ANSWER, null, "that is no JSON");
      }
      throw new PeerException(Kind.BUSY, 1L + random.nextInt(5_000), null, "too much to do");
    }
  }

  /** An answer that looks like one, and tells of what there is not. */
  boolean talksNonsense() {
    return random.nextDouble() < garbling;
  }
}
