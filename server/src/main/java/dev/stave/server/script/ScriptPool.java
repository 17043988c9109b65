package dev.stave.server.script;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.RevisionId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sandboxes of design documents that are used again and again, so that functions are not compiled
 * for each call. Any thread may call any method; each has a sandbox to itself.
 */
public final class ScriptPool {

  /** Sandboxes that nobody uses at the moment are kept, so many; each takes about a megabyte. */
  private static final int KEPT = 64;

  private record Key(String database, String id, RevisionId revision) {}

  private final ScriptLimits limits;

  // under this; the one that was used last comes last
  private final Map<Key, Deque<DesignScript>> idle = new LinkedHashMap<>(16, 0.75f, true);
  private int kept;

  public ScriptPool(ScriptLimits limits) {
    this.limits = limits;
  }

  public ScriptLimits limits() {
    return limits;
  }

  /** Runs {@code work} with the functions of {@code design}. */
  public <T extends @Nullable Object> T with(
      Database database, Document design, Function<DesignScript, T> work) {
    Key key = new Key(database.uuid(), design.id(), design.revision());
    DesignScript known = take(key);
    DesignScript script =
        known != null ? known : new DesignScript(design.id(), design.body().sharedTree(), limits);
    boolean isGood = true;
    try {
      return work.apply(script);
    } catch (ScriptException e) {
      isGood = !e.error().equals(ScriptException.TOO_COSTLY); // it may hold on to what it made
      throw e;
    } finally {
      if (isGood) {
        give(key, script);
      }
    }
  }

  private synchronized @Nullable DesignScript take(Key key) {
    Deque<DesignScript> scripts = idle.get(key);
    DesignScript script = scripts == null ? null : scripts.pollLast();
    kept -= script == null ? 0 : 1;
    return script;
  }

  private synchronized void give(Key key, DesignScript script) {
    idle.computeIfAbsent(key, none -> new ArrayDeque<>()).add(script);
    kept++;
    Iterator<Deque<DesignScript>> oldest = idle.values().iterator();
    while (kept > KEPT) {
      Deque<DesignScript> scripts = oldest.next();
      kept -= scripts.size();
      oldest.remove();
    }
  }
}
