package androidx.test.runner.intent;

/** There is no stubber: Robolectric's shadows say what other apps answer. A stand-in. */
public final class IntentStubberRegistry {

  private IntentStubberRegistry() {}

  public static boolean isLoaded() {
    return false;
  }

  public static IntentStubber getInstance() {
    throw new IllegalStateException("there is no stubber");
  }
}
