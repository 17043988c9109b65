package dev.stave.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final StringWriter terminal = new StringWriter();
  private long nanos;

  private Progress progress(boolean shown, long bytes) {
    return new Progress(new PrintWriter(terminal), shown, bytes, () -> nanos);
  }

  @Test
  void at_knownSize_showsShareRateAndTimeLeft() {
    Progress progress = progress(true, 1_000);
    nanos = TimeUnit.SECONDS.toNanos(2);

    progress.at(5_000, 250);

    assertThat(terminal.toString())
        .isEqualTo("\r[######..................]  25 %  5,000 documents, 2,500/s, 6 s left\033[K");
  }

  @Test
  void at_unknownSize_showsTheRate() {
    Progress progress = progress(true, 0);
    nanos = TimeUnit.SECONDS.toNanos(1);

    progress.at(7, 250);

    assertThat(terminal.toString()).isEqualTo("\r7 documents, 7/s\033[K");
  }

  @Test
  void towards_whatIsLeft_showsShareIfItIsKnown() {
    Progress progress = progress(true, 0);
    nanos = TimeUnit.SECONDS.toNanos(1);
    progress.towards(50, -1);
    nanos = TimeUnit.SECONDS.toNanos(2);
    progress.towards(100, 300);

    assertThat(terminal.toString())
        .isEqualTo(
            "\r50 documents, 50/s\033[K"
                + "\r[######..................]  25 %  100 documents, 50/s, 6 s left\033[K");
  }

  @Test
  void at_tooSoonOrNotShown_isQuiet() {
    Progress shown = progress(true, 10);
    nanos = TimeUnit.MILLISECONDS.toNanos(100);
    shown.at(1, 1);
    shown.end();
    Progress hidden = progress(false, 10);
    nanos = TimeUnit.SECONDS.toNanos(9);
    hidden.at(1, 1);
    hidden.end();

    assertThat(terminal.toString()).isEmpty();
    assertThat(hidden.seconds()).isEqualTo(8.9);
  }
}
