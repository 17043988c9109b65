package dev.stave.fieldnotes.sync;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.Network;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.changes.ChangesFeed;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Progress;
import dev.stave.sync.Replica;
import dev.stave.sync.ReplicaState;
import dev.stave.sync.RevisionStatus;
import dev.stave.sync.http.Credentials;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.Scope;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the notes in step with the server of the settings, by one replica: while somebody wants it
 * to ({@link #resume}) and there is a network. Any thread may call any method but the main one,
 * {@link #resume} and {@link #pause} excepted.
 */
public final class Syncing implements AutoCloseable {

  /** Nobody reads a larger number, and each costs a look into the database. */
  private static final int MOST_COUNTED = 1_000;

  private final FieldNotes notes;
  private final ConnectivityManager networks;
  private final Runnable changed;
  private final SyncSettings settings;
  private volatile @Nullable Replica replica; // null without a server, and until it has begun
  private volatile Troubles troubles = new Troubles(null);
  private volatile @Nullable String wrongAddress;
  private volatile @Nullable String broken;
  private ChangesFeed.@Nullable Subscription watching; // guarded by this, as the next
  private boolean isWanted;
  private boolean isOnline;
  private boolean isEnded;

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

  private Syncing(Context context, FieldNotes notes, SyncSettings settings, Runnable changed) {
    this.notes = notes;
    this.settings = settings;
    this.changed = changed;
    this.networks = context.getSystemService(ConnectivityManager.class);
    this.isOnline = networks.getActiveNetwork() != null;
    networks.registerDefaultNetworkCallback(network);
  }

  /**
   * Watches the network. The replica itself starts by {@link #begin}.
   *
   * @param changed is told, on any thread, that {@link #status} may be another
   */
  public static Syncing start(
      Context context, FieldNotes notes, SyncSettings settings, Runnable changed) {
    return new Syncing(context, notes, settings, changed);
  }

  /**
   * Starts the replica, when that before it was closed: two of one database are in each other's
   * way.
   */
  public void begin() {
    if (!settings.hasServer() || settings.isPasswordLost() || hasEnded()) {
      return;
    }
    try {
      Replica begun = replica(notes, settings);
      begun.pause();
      take(begun);
    } catch (IllegalArgumentException e) {
      wrongAddress = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      broken = String.valueOf(e.getMessage());
      throw e;
    } finally {
      changed.run();
    }
  }

  private synchronized boolean hasEnded() {
    return isEnded;
  }

  private synchronized void take(Replica begun) {
    replica = begun;
    troubles = new Troubles(begun);
    if (!isEnded) {
      watching = begun.watch(state -> changed.run());
      apply();
    }
  }

  private static Replica replica(FieldNotes notes, SyncSettings settings) {
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

  public Troubles troubles() {
    return troubles;
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
    Replica one = replica;
    if (one == null) {
      return;
    }
    if (isWanted && isOnline && !isEnded) {
      one.resume();
      one.hint();
    } else {
      one.pause();
    }
  }

  /** How it is now. */
  public SyncStatus status() {
    int toSettle = notes.conflicts().ids().size();
    Replica one = replica;
    if (one == null) {
      int waiting = settings.hasServer() ? notes.unsent().first(MOST_COUNTED).size() : 0;
      String reason = wrongAddress != null ? wrongAddress : broken;
      return new SyncStatus(stateWithout(), 0, 0, waiting, 0, 0, 0, toSettle, reason);
    }
    ReplicaState now = one.state();
    List<Progress> both = new ArrayList<>();
    Stream.of(now.push(), now.pull()).forEach(each -> each.ifPresent(both::add));
    boolean isKnown = both.stream().allMatch(each -> each.pending() >= 0);
    Unsent unsent = unsent(one);
    return new SyncStatus(
        stateOf(both, now.isInStep() && unsent.waiting() == 0),
        both.stream().mapToLong(Progress::written).sum(),
        isKnown ? both.stream().mapToLong(Progress::pending).sum() : -1,
        unsent.waiting(),
        unsent.outside(),
        troubles.refusedThere().size() + troubles.refusedHere().size(),
        now.departures(),
        toSettle,
        both.stream().map(Progress::error).filter(Objects::nonNull).findFirst().orElse(null));
  }

  /** Without a replica. */
  private synchronized SyncStatus.State stateWithout() {
    if (!settings.hasServer()) {
      return SyncStatus.State.ALONE;
    }
    if (settings.isPasswordLost()) {
      return SyncStatus.State.PASSWORD_LOST;
    }
    if (wrongAddress != null) {
      return SyncStatus.State.REFUSED;
    }
    if (broken != null) {
      return SyncStatus.State.STOPPED;
    }
    return isOnline ? SyncStatus.State.SYNCING : SyncStatus.State.OFFLINE;
  }

  private synchronized SyncStatus.State stateOf(List<Progress> both, boolean isInStep) {
    List<Progress> failed = both.stream().filter(Syncing::isFailed).collect(Collectors.toList());
    if (!failed.isEmpty()) {
      return failed.stream().anyMatch(Syncing::isLoginRefused)
          ? SyncStatus.State.REFUSED
          : SyncStatus.State.STOPPED;
    }
    if (!isOnline) {
      return SyncStatus.State.OFFLINE;
    }
    if (both.stream().anyMatch(each -> each.state() == Progress.State.RETRYING)) {
      return SyncStatus.State.WAITING;
    }
    return isInStep ? SyncStatus.State.IN_STEP : SyncStatus.State.SYNCING;
  }

  private static boolean isFailed(Progress one) {
    return one.state() == Progress.State.FAILED;
  }

  private static boolean isLoginRefused(Progress one) {
    return one.errorKind() == PeerException.Kind.LOGIN_REFUSED;
  }

  /**
   * Whether it will do nothing more, though somebody may have mended why: a password, a network
   * that wanted to be paid first. Close it then, and start another.
   */
  public boolean hasFailed() {
    Replica one = replica;
    if (one == null) {
      return broken != null;
    }
    ReplicaState now = one.state();
    return now.push().filter(Syncing::isFailed).isPresent()
        || now.pull().filter(Syncing::isFailed).isPresent();
  }

  private record Unsent(int waiting, int outside) {}

  /** Counts what was written here and is not known to be there; forgets what is. */
  private Unsent unsent(Replica with) {
    Set<String> departed = new HashSet<>();
    troubles.departed().forEach(each -> departed.add(each.document()));
    int waiting = 0;
    int outside = 0;
    for (String id : notes.unsent().first(MOST_COUNTED)) {
      RevisionId newest = notes.unsent().newest(id).orElse(null);
      RevisionStatus status = newest == null ? null : statusOf(with, id, newest);
      if (newest == null || status == null) {
        notes.unsent().left(id);
      } else if (status instanceof RevisionStatus.Acknowledged) {
        notes.unsent().sent(id, newest);
      } else if (status instanceof RevisionStatus.OutOfScope) {
        outside += departed.contains(id) ? 0 : 1;
      } else if (!status.isFinal()) {
        waiting++;
      }
    }
    return new Unsent(waiting, outside);
  }

  private static @Nullable RevisionStatus statusOf(Replica with, String id, RevisionId newest) {
    try {
      return with.status(id, newest);
    } catch (NoSuchElementException e) {
      return null; // it left this device just now
    }
  }

  /** Begins nothing any more, and tells nothing. Does not wait; {@link #close} does. */
  public synchronized void end() {
    if (isEnded) {
      return;
    }
    isEnded = true;
    networks.unregisterNetworkCallback(network);
    if (watching != null) {
      watching.close();
    }
    apply();
  }

  /** Ends it: waits for what is in flight, and says how far it is. */
  @Override
  public void close() {
    end();
    Replica one = replica;
    if (one != null) {
      one.close();
    }
  }
}
