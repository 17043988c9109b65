package dev.stave.fieldnotes.sync;

import android.content.Context;
import android.content.SharedPreferences;
import android.net.ConnectivityManager;
import android.net.Network;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.changes.Change;
import dev.stave.changes.ChangesFeed;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.json.JsonObject;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.DeadLetters;
import dev.stave.sync.Progress;
import dev.stave.sync.Replica;
import dev.stave.sync.ReplicaState;
import dev.stave.sync.http.Credentials;
import dev.stave.sync.peer.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the notes in step with the server of the settings, by one replica: while somebody wants it
 * to ({@link #resume}) and there is a network. Any thread may call any method but the main one,
 * {@link #resume} and {@link #pause} excepted.
 */
public final class Syncing implements AutoCloseable {

  private static final String SENT = "sent";
  private static final int MOST_COUNTED = 1_000;

  private final FieldNotes notes;
  private final SharedPreferences memory;
  private final ConnectivityManager networks;
  private final Runnable changed;
  private final @Nullable Replica replica;
  private final ChangesFeed.@Nullable Subscription watching;
  private final @Nullable String wrongAddress;
  private boolean isWanted; // guarded by this, as the next
  private boolean isOnline;

  private final ConnectivityManager.NetworkCallback network =
      new ConnectivityManager.NetworkCallback() {
        @Override
        public void onAvailable(Network available) {
          online(true);
        }

        @Override
        public void onLost(Network lost) {
          online(false);
        }
      };

  private Syncing(
      Context context,
      FieldNotes notes,
      SharedPreferences memory,
      SyncSettings settings,
      Runnable changed) {
    this.notes = notes;
    this.memory = memory;
    this.changed = changed;
    this.networks = context.getSystemService(ConnectivityManager.class);
    this.isOnline = networks.getActiveNetwork() != null;
    Replica begun = null;
    String wrong = null;
    if (settings.hasServer()) {
      try {
        begun = begin(notes, settings);
        begun.pause();
      } catch (IllegalArgumentException e) {
        wrong = e.getMessage();
      }
    }
    this.replica = begun;
    this.wrongAddress = wrong;
    this.watching = begun == null ? null : begun.watch(this::remember);
    networks.registerDefaultNetworkCallback(network);
  }

  /**
   * Begins, and pauses at once.
   *
   * @param memory how far the server is known to be
   * @param changed is told, on any thread, that {@link #status} may be another
   */
  public static Syncing start(
      Context context,
      FieldNotes notes,
      SharedPreferences memory,
      SyncSettings settings,
      Runnable changed) {
    return new Syncing(context, notes, memory, settings, changed);
  }

  private static Replica begin(FieldNotes notes, SyncSettings settings) {
    Credentials login =
        settings.account().isEmpty()
            ? Credentials.none()
            : Credentials.basic(settings.account(), settings.password());
    Scope scope =
        settings.region().isEmpty()
            ? Scope.ALL
            : Scope.selector(
                JsonObject.of(
                    JsonNodeFactory.instance.objectNode().put("region", settings.region())));
    return Replica.of(notes.database())
        .with(URI.create(settings.server()), login)
        .scope(scope)
        .start();
  }

  /** Forgets how far the server was: for when there is another one. */
  public static void forget(SharedPreferences memory) {
    memory.edit().remove(SENT).apply();
  }

  private void remember(ReplicaState state) {
    state
        .push()
        .filter(push -> push.state() == Progress.State.IDLE)
        .map(push -> sequenceOf(push.sequence()))
        .filter(sent -> sent > memory.getLong(SENT, 0))
        .ifPresent(sent -> memory.edit().putLong(SENT, sent).apply());
    changed.run();
  }

  /** Our own database has numbers. */
  private static long sequenceOf(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Somebody looks at the notes, or a job has begun. */
  public synchronized void resume() {
    isWanted = true;
    apply();
  }

  /** Nobody looks any more. */
  public synchronized void pause() {
    isWanted = false;
    apply();
  }

  private synchronized void online(boolean is) {
    isOnline = is;
    apply();
    changed.run();
  }

  private void apply() {
    if (replica == null) {
      return;
    }
    if (isWanted && isOnline) {
      replica.resume();
      replica.hint();
    } else {
      replica.pause();
    }
  }

  /** How it is now. */
  public SyncStatus status() {
    int toSettle = notes.conflicts().size();
    if (wrongAddress != null) {
      return new SyncStatus(SyncStatus.State.REFUSED, 0, 0, waiting(), 0, toSettle, wrongAddress);
    }
    if (replica == null) {
      return new SyncStatus(SyncStatus.State.ALONE, 0, 0, 0, 0, toSettle, null);
    }
    ReplicaState state = replica.state();
    List<Progress> both = new ArrayList<>();
    Stream.of(state.push(), state.pull()).forEach(each -> each.ifPresent(both::add));
    long done = both.stream().mapToLong(Progress::written).sum();
    long left =
        both.stream().anyMatch(each -> each.pending() < 0)
            ? -1
            : both.stream().mapToLong(Progress::pending).sum();
    String reason =
        both.stream()
            .map(each -> Optional.ofNullable(each.error()))
            .filter(Optional::isPresent)
            .map(Optional::get)
            .findFirst()
            .orElse(null);
    return new SyncStatus(
        stateOf(both, state.isInStep()), done, left, waiting(), refused().size(), toSettle, reason);
  }

  private synchronized SyncStatus.State stateOf(List<Progress> both, boolean inStep) {
    if (both.stream().anyMatch(each -> each.state() == Progress.State.FAILED)) {
      return SyncStatus.State.REFUSED;
    }
    if (!isOnline) {
      return SyncStatus.State.OFFLINE;
    }
    if (both.stream().anyMatch(each -> each.state() == Progress.State.RETRYING)) {
      return SyncStatus.State.WAITING;
    }
    return inStep && waiting() == 0 ? SyncStatus.State.IN_STEP : SyncStatus.State.SYNCING;
  }

  /** How many notes were written since the server had all of them. */
  private int waiting() {
    int count = 0;
    for (Change each : notes.database().changes(memory.getLong(SENT, 0), MOST_COUNTED)) {
      if (each.id().startsWith("site-") || each.id().startsWith("visit-")) {
        count++;
      }
    }
    return count;
  }

  /** What the server does not take, and why. */
  public List<DeadLetter> refused() {
    return letters().map(DeadLetters::list).orElse(List.of());
  }

  /** Sends it again. */
  public void retry(DeadLetter letter) {
    letters().ifPresent(letters -> letters.retry(letter));
  }

  /** Gives up sending it. It stays on this device. */
  public void keepHere(DeadLetter letter, String why) {
    letters().ifPresent(letters -> letters.discard(letter, why));
  }

  private Optional<DeadLetters> letters() {
    return replica == null ? Optional.empty() : replica.deadLetters();
  }

  /** Ends it: waits for what is in flight, and says how far it is. */
  @Override
  public void close() {
    networks.unregisterNetworkCallback(network);
    if (watching != null) {
      watching.close();
    }
    if (replica != null) {
      replica.close();
    }
  }
}
