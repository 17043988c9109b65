package dev.stave.revision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A clock only goes forward, past what it may believe, and not away from the system's. */
class HybridTimeProperties {

  private static final long START = 1_700_000_000_000L;
  private static final long BOUND = HybridTime.MAX_AHEAD.toMillis();

  /** What happens to a clock while the system's shows some time: a peer's time comes in, or not. */
  private record Event(long systemMillis, long receivedMillis, int count, boolean receives) {}

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Long> millis = Arbitraries.longs().between(START - 10 * BOUND, START + 10 * BOUND);
    Arbitrary<Long> near = Arbitraries.longs().between(START, START + 2);
    Arbitrary<Long> any = Arbitraries.oneOf(millis, near);
    return Combinators.combine(
            any, any, Arbitraries.integers().between(0, 65_535), Arbitraries.of(true, false))
        .as(Event::new)
        .list()
        .ofMaxSize(50);
  }

  @Property
  void next_anySystemClock_isLaterThanAllBefore(@ForAll("events") List<Event> events) {
    HybridTime clock = HybridTime.NONE;
    for (Event event : events) {
      HybridTime next = clock.next(event.systemMillis());

      assertThat(next).isGreaterThan(clock);
      assertThat(next.millis()).isGreaterThanOrEqualTo(event.systemMillis());
      clock = next;
    }
  }

  @Property
  void received_anyTimes_isFollowedUpToTheBound(@ForAll("events") List<Event> events) {
    HybridTime clock = HybridTime.NONE;
    long furthest = 0;
    for (Event event : events) {
      long system = event.systemMillis();
      HybridTime before = clock;
      if (event.receives()) {
        HybridTime received = new HybridTime((event.receivedMillis() << 16) + event.count());
        clock = clock.received(received, system);
        boolean believed = received.millis() - system <= BOUND;
        assertThat(clock).isGreaterThanOrEqualTo(before);
        assertThat(clock.next(system).compareTo(received) > 0)
            .isEqualTo(believed || before.compareTo(received) >= 0 || system > received.millis());
        furthest = Math.max(furthest, system + BOUND);
      } else {
        clock = clock.next(system);
        furthest = Math.max(furthest, system);
      }
      assertThat(clock.millis()).isLessThanOrEqualTo(furthest + 1);
    }
  }

  @Property
  void next_clockThatStandsStill_countsOn(@ForAll("events") List<Event> events) {
    HybridTime clock = new HybridTime(START << 16).next(START);
    for (int i = 0; i < events.size(); i++) {
      HybridTime next = clock.next(START);

      assertThat(next.value()).isEqualTo(clock.value() + 1);
      clock = next;
    }
  }
}
