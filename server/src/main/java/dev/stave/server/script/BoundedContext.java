package dev.stave.server.script;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;

/** Rhino's context of one call: it counts what the call costs, and ends it. */
final class BoundedContext extends Context {

  /** About so many instructions of the interpreter lie between two looks. */
  private static final int INSTRUCTIONS = 10_000;

  private static final ThreadMXBean THREADS =
      (ThreadMXBean) ManagementFactory.getThreadMXBean(); // HotSpot's and OpenJ9's

  static final ContextFactory FACTORY = new Factory();

  /** No {@code catch} and no {@code finally} of JavaScript gets to see an error of Java. */
  static final class TooCostly extends Error {
    private static final long serialVersionUID = 1L;

    TooCostly(String why) {
      super(why, null, false, false);
    }
  }

  private static final class Factory extends ContextFactory {
    @Override
    protected Context makeContext() {
      return new BoundedContext(this);
    }

    @Override
    protected boolean hasFeature(Context context, int feature) {
      return switch (feature) {
        case FEATURE_E4X, FEATURE_ENHANCED_JAVA_ACCESS, FEATURE_DYNAMIC_SCOPE -> false;
        default -> super.hasFeature(context, feature);
      };
    }

    @Override
    protected void observeInstructionCount(Context context, int count) {
      ((BoundedContext) context).look();
    }
  }

  private ScriptLimits limits = ScriptLimits.DEFAULT;
  private long deadline;
  private long mostAllocated;
  private long work;

  private BoundedContext(ContextFactory factory) {
    super(factory);
    setLanguageVersion(VERSION_ES6);
    setInterpretedMode(true); // compiled code would take its depth from the thread's own stack
    setClassShutter(name -> false);
    setInstructionObserverThreshold(INSTRUCTIONS);
  }

  static BoundedContext current() {
    return (BoundedContext) getCurrentContext();
  }

  ScriptLimits limits() {
    return limits;
  }

  /** From here on a call is counted. */
  void begin(ScriptLimits call) {
    limits = call;
    setMaximumInterpreterStackDepth(call.depth());
    deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(call.callMillis());
    mostAllocated = THREADS.getCurrentThreadAllocatedBytes() + call.callBytes();
  }

  /** Counts what a loop of Rhino's own does, which the interpreter does not see. */
  void work(long steps) {
    work += steps;
    if (work > INSTRUCTIONS) {
      work = 0;
      look();
    }
  }

  /** Passes while the call is within its limits. */
  void look() {
    if (System.nanoTime() - deadline > 0) {
      throw new TooCostly("it ran for longer than " + limits.callMillis() + " ms");
    }
    if (THREADS.getCurrentThreadAllocatedBytes() > mostAllocated) {
      throw new TooCostly("it took more than " + (limits.callBytes() >> 20) + " MiB of memory");
    }
  }

  /** Returns {@code length} if a string may be so long. */
  long checkText(long length) {
    if (length > limits.textLength()) {
      throw new TooCostly("a string of more than " + limits.textLength() + " characters");
    }
    work(length >> 3);
    return length;
  }

  /** Passes if an array may be so long. */
  void checkArray(double length) {
    if (length > limits.arrayLength()) {
      throw new TooCostly("an array of more than " + limits.arrayLength() + " elements");
    }
    work((long) length);
  }
}
