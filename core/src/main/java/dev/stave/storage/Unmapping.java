package dev.stave.storage;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gives a mapped file back at once. Java has no call for that and leaves it to the garbage
 * collector, which may be hours away while a deleted file fills the disk; desktop runtimes have one
 * that is unofficial. Without it (on Android) the collector does it.
 */
final class Unmapping {

  private static final @Nullable Object UNSAFE;
  private static final @Nullable Method INVOKE_CLEANER;

  static {
    Object unsafe = null;
    Method invokeCleaner = null;
    try {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      invokeCleaner = type.getMethod("invokeCleaner", ByteBuffer.class);
      Field field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      unsafe = field.get(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      invokeCleaner = null;
    }
    UNSAFE = unsafe;
    INVOKE_CLEANER = invokeCleaner;
  }

  private Unmapping() {}

  /** {@code mapped} and its duplicates must not be touched afterwards: the process would crash. */
  static void unmap(ByteBuffer mapped) {
    if (INVOKE_CLEANER == null) {
      return;
    }
    try {
      INVOKE_CLEANER.invoke(UNSAFE, mapped);
    } catch (IllegalAccessException | InvocationTargetException e) {
      // then the collector does it
    }
  }
}
