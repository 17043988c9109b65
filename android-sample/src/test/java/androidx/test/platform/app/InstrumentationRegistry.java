package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;

/**
 * Robolectric tells the instrumentation here and asks for it. A stand-in, as all of {@code
 * androidx.test} in these tests: the real one is not on Maven Central.
 */
public final class InstrumentationRegistry {

  private static Instrumentation instrumentation;

  private InstrumentationRegistry() {}

  public static Instrumentation getInstrumentation() {
    if (instrumentation == null) {
      throw new IllegalStateException("no instrumentation: Robolectric does not run");
    }
    return instrumentation;
  }

  public static void registerInstance(Instrumentation running, Bundle arguments) {
    instrumentation = running;
  }
}
