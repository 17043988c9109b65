package dev.stave.fieldnotes.sync;

import dev.stave.sync.DeadLetter;
import dev.stave.sync.DeadLetters;
import dev.stave.sync.Departure;
import dev.stave.sync.Replica;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What does not go by itself on the way to the server and back, and waits for somebody. Nothing of
 * it is lost meanwhile. Any thread may call any method, except the main one.
 */
public final class Troubles {

  private final @Nullable Replica replica; // null without a server

  Troubles(@Nullable Replica replica) {
    this.replica = replica;
  }

  private List<DeadLetter> letters(
      Function<Replica, Optional<DeadLetters>> of, Function<DeadLetters, List<DeadLetter>> which) {
    return replica == null ? List.of() : of.apply(replica).map(which).orElse(List.of());
  }

  /** What the server does not take, and why. */
  public List<DeadLetter> refusedThere() {
    return letters(Replica::deadLetters, DeadLetters::list);
  }

  /** What the server has and this device does not take, and why. */
  public List<DeadLetter> refusedHere() {
    return letters(Replica::refusedHere, DeadLetters::list);
  }

  /** What the server did not take and somebody gave up sending. */
  public List<DeadLetter> keptHere() {
    return letters(Replica::deadLetters, DeadLetters::discarded);
  }

  /** What has left what is shared, with changes that the server lacks. */
  public List<Departure> departed() {
    return replica == null ? List.of() : replica.departures().open();
  }

  /** Sends it again, or fetches it again. */
  public void retry(DeadLetter letter) {
    Replica with = replica;
    if (with != null) {
      // Each knows its own letters, and does nothing about others.
      with.deadLetters().ifPresent(there -> there.retry(letter));
      with.refusedHere().ifPresent(here -> here.retry(letter));
      with.hint();
    }
  }

  /** Gives up sending it. It stays on this device. */
  public void keepHere(DeadLetter letter, String why) {
    if (replica != null) {
      replica.deadLetters().ifPresent(there -> there.discard(letter, why));
    }
  }

  /** Sends it all the same. When the server has it, it leaves this device. */
  public void send(Departure departure) {
    if (replica != null) {
      replica.departures().keep(departure);
      replica.hint();
    }
  }

  /**
   * Gives the change up: the note leaves this device. What the server has of it stays there.
   *
   * @return whether it did: not if somebody changed it meanwhile
   */
  public boolean giveUp(Departure departure, String why) {
    return replica != null && replica.departures().discard(departure, why);
  }
}
