package dev.stave.spec.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/** What happened, in order: a number that tells two runs apart, and the last lines for people. */
final class Trace {

  private static final int LINES = Integer.getInteger("stave.sim.lines", 60);

  private final Scheduler scheduler;
  private final Deque<String> last = new ArrayDeque<>();
  private long hash = 1;
  private long lines;

  Trace(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void add(String what) {
    String line = scheduler.now() + " " + what;
    for (int i = 0; i < line.length(); i++) {
      hash = hash * 1_099_511_628_211L ^ line.charAt(i);
    }
    lines++;
    last.add(line);
    if (last.size() > LINES) {
      last.remove();
    }
  }

  long hash() {
    return hash;
  }

  long lines() {
    return lines;
  }

  String end() {
    return String.join("\n", last);
  }
}
