package dev.stave.sync.http;

import dev.stave.revision.RevisionId;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.SentRevision;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * Revisions at which a peer, or something in front of it, broke off the request. That is the
 * network, mostly, and they are sent again; but one that breaks off each time, at a peer that
 * answers everything else, would hold up the others for ever. Any thread may call any method.
 */
final class Suspects {

  /** As often it is taken for the network. */
  static final int PATIENCE = 4;

  private static final int MOST = 100_000;

  private record Suspect(String id, RevisionId revision) {}

  private final Map<Suspect, Integer> broken = new HashMap<>();

  /** Whether it broke off while they were sent, and has before, too often for the network. */
  synchronized boolean areOverdue(List<SentRevision> sent, PeerException failure) {
    if (!isBrokenOff(failure)) {
      return false;
    }
    if (broken.size() > MOST) {
      broken.clear();
    }
    boolean isOverdue = true;
    for (SentRevision each : sent) {
      int times = broken.merge(suspect(each), 1, Integer::sum);
      isOverdue &= times > PATIENCE;
    }
    return isOverdue;
  }

  /** Whether it may have been what was sent: where there was no connection, nothing was. */
  static boolean isBrokenOff(PeerException failure) {
    Throwable cause = failure.getCause();
    return failure.kind() == PeerException.Kind.UNREACHABLE
        && !(cause instanceof ConnectException)
        && !(cause instanceof NoRouteToHostException)
        && !(cause instanceof UnknownHostException)
        && !(cause instanceof SSLException);
  }

  synchronized void acquit(List<SentRevision> sent) {
    if (!broken.isEmpty()) {
      sent.forEach(each -> broken.remove(suspect(each)));
    }
  }

  private static Suspect suspect(SentRevision sent) {
    return new Suspect(sent.id(), sent.revision());
  }
}
