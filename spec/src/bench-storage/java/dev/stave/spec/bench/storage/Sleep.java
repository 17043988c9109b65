package dev.stave.spec.bench.storage;

/** Sleeping where nobody interrupts. */
public final class Sleep {

  private Sleep() {}

  public static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
