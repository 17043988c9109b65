package dev.stave.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

/** How many streams are open at once. */
class LiveStreamsTest {

  private static final int USUAL = 20_000; // 10,000 subscriptions, each with a WebSocket

  @Test
  void enter_asManyAsUsual_areLetIn_andOneMoreIsNot() {
    LiveStreams streams = new LiveStreams(HttpLimits.DEFAULT.streams());
    Runnable first = streams.enter();
    for (int i = 1; i < USUAL; i++) {
      streams.enter();
    }
    assertFull(streams);

    first.run();
    first.run(); // gives back one place, once
    streams.enter();
    assertFull(streams);
  }

  private static void assertFull(LiveStreams streams) {
    HttpException refused = catchThrowableOfType(HttpException.class, streams::enter);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.reason()).startsWith("20000 feeds are open");
  }
}
