package dev.stave.sync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.stave.StaveException;
import dev.stave.database.Database;
import dev.stave.database.IncomingSeed;
import dev.stave.json.JsonObject;
import dev.stave.sync.peer.LocalPeer;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SeedOffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Lets a database that has no documents yet begin with the files of its source, where that gives
 * some, instead of the feed. What it lacks for that, or what goes wrong, is no failure: then all
 * comes by the feed.
 *
 * <p>That it was done, and how far that went, is a local document of the target, written in the
 * same moment: so a crash before the first checkpoint costs nothing.
 */
final class Seeding {

  /** What came of a step. */
  enum Outcome {
    /** There is more to do. */
    MORE,
    /** The database has it all. */
    DONE,
    /** It goes by the feed. */
    NONE
  }

  private static final int PIECE_BYTES = 1 << 20;
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** So often nothing came of it, one after another: then the feed may get through. */
  private static final int ATTEMPTS = 3;

  private static final String SEQUENCE = "sequence";

  private final Peer source;
  private final LocalPeer target;
  private final String marker;
  private @Nullable SeedOffer offer;
  private @Nullable IncomingSeed incoming;
  private int attempts;
  private boolean isGivenUp;

  /** {@code id} is the replication's. One thread at a time calls it. */
  Seeding(Peer source, LocalPeer target, String id) {
    this.source = source;
    this.target = target;
    this.marker = id + "-seed";
  }

  /** Only where all that the source has is to come, from its beginning; else null. */
  static @Nullable Seeding of(Peer source, Peer target, ReplicationOptions options, String id) {
    boolean isAll = options.scope().isAll() && options.since() == null;
    return isAll && options.useCheckpoints() && target instanceof LocalPeer local
        ? new Seeding(source, local, id)
        : null;
  }

  Database database() {
    return target.database();
  }

  /** Fetches a part of it, and says whether there is more. */
  boolean takesMore() {
    return !takenTo().isPresent() && step() == Outcome.MORE;
  }

  /** The source's sequence of a seed that was taken, before there was a checkpoint. */
  Optional<String> takenTo() {
    return database()
        .getLocal(marker)
        .map(taken -> taken.sharedTree().path(SEQUENCE).asText(""))
        .filter(sequence -> !sequence.isEmpty());
  }

  /** A checkpoint says it now. */
  void forget() {
    database().putLocal(marker, null);
  }

  /** Does a part of it: half a second's, about. */
  Outcome step() {
    if (isGivenUp || !target.canTakeSeed()) {
      return Outcome.NONE;
    }
    try {
      return go();
    } catch (PeerException e) {
      switch (e.kind()) {
        case NOT_THERE:
          return again(); // the source keeps it no more
        case UNREACHABLE:
        case BUSY:
          attempts++;
          if (attempts < ATTEMPTS) {
            throw e; // what is here stays for the next time
          }
          return giveUp();
        default:
          return giveUp();
      }
    } catch (StaveException e) {
      return giveUp(); // it is no seed, or there is no room: the feed tells what it is
    }
  }

  private Outcome again() {
    incoming = null;
    offer = null;
    attempts++;
    return attempts < ATTEMPTS ? Outcome.MORE : giveUp();
  }

  private Outcome giveUp() {
    isGivenUp = true;
    incoming = null;
    database().seeds().forgetIncoming();
    return Outcome.NONE;
  }

  private Outcome go() {
    long began = System.nanoTime();
    SeedOffer wanted = offer;
    if (wanted == null || !wanted.isReady()) {
      Optional<SeedOffer> asked = source.seed();
      if (!asked.isPresent()) {
        return giveUp();
      }
      wanted = asked.get();
      offer = wanted;
      if (!wanted.isReady()) {
        LockSupport.parkNanos(AGAIN_NANOS); // it has waited at the source before
        return Outcome.MORE;
      }
    }
    IncomingSeed coming = incoming;
    if (coming == null) {
      coming = database().seeds().receive(wanted.id(), wanted.sequence(), wanted.files());
      incoming = coming;
    }
    byte[] bytes = new byte[PIECE_BYTES];
    while (System.nanoTime() - began < STEP_NANOS) {
      Optional<IncomingSeed.Piece> next = coming.next(PIECE_BYTES);
      if (!next.isPresent()) {
        return install(coming, wanted);
      }
      source.readSeed(wanted.id(), next.get(), bytes);
      coming.write(next.get(), bytes);
      attempts = 0;
    }
    return Outcome.MORE;
  }

  private Outcome install(IncomingSeed coming, SeedOffer wanted) {
    String sequence = Long.toString(wanted.sequence());
    JsonObject taken = JsonObject.of(JsonNodeFactory.instance.objectNode().put(SEQUENCE, sequence));
    return coming.install(marker, taken) ? Outcome.DONE : giveUp();
  }
}
