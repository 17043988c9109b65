package dev.stave.spec.sim;

import dev.stave.document.InvalidDocumentException;
import dev.stave.json.JsonObject;
import dev.stave.revision.RevisionId;
import dev.stave.storage.StorageClosedException;
import dev.stave.storage.StorageException;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.Greeting;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerChange;
import dev.stave.sync.peer.PeerException;
import dev.stave.sync.peer.PeerException.Kind;
import dev.stave.sync.peer.Scope;
import dev.stave.sync.peer.SentAttachment;
import dev.stave.sync.peer.SentRevision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The database of one machine, as another one has it over the network. */
final class RemotePeer implements Peer {

  private static final int HEARTBEAT_MILLIS = 60_000;
  private static final RevisionId NONSENSE = RevisionId.parse("7-" + "f".repeat(32));

  private final Node here;
  private final Node there;
  private final Network network;
  private final Scheduler scheduler;
  private final Trace trace;
  private final Bug bug;

  RemotePeer(Node here, Node there, Machines machines) {
    this.here = here;
    this.there = there;
    this.network = machines.network();
    this.scheduler = machines.scheduler();
    this.trace = machines.trace();
    this.bug = machines.bug();
  }

  private <T> T call(String what, Supplier<T> work) {
    network.travel(here, there);
    trace.add(here.name() + " " + what + " " + there.name());
    T answer = at(work);
    network.travel(there, here);
    network.garble();
    return answer;
  }

  /** What writes may also come once more, later than what was sent after it. */
  private <T> T write(String what, Supplier<T> work) {
    return call(
        what,
        () -> {
          network.repeat(there, () -> tryAt(work));
          return work.get();
        });
  }

  private void tryAt(Supplier<?> work) {
    try {
      at(work);
    } catch (PeerException e) {
      trace.add(there.name() + " fails late");
    }
  }

  private static <T> T at(Supplier<T> work) {
    try {
      return work.get();
    } catch (StorageException | StorageClosedException e) {
      throw new PeerException(Kind.UNREACHABLE, e, "its power failed");
    } catch (InvalidDocumentException e) {
      throw new PeerException(Kind.BUSY, e, "it was asked for nonsense");
    }
  }

  private Peer peer() {
    return there.peer();
  }

  @Override
  public String name() {
    return there.name();
  }

  @Override
  public String identity() {
    return call("identity", () -> peer().identity());
  }

  @Override
  public String instance() {
    return call("instance", () -> peer().instance());
  }

  @Override
  public Greeting greet(String checkpoint) {
    return call(
        "greet",
        () -> {
          Optional<JsonObject> known = peer().getLocal(checkpoint);
          boolean hasConflicts = !peer().conflicts("", 1).isEmpty();
          Greeting.State state = new Greeting.State(known, peer().lastSequence(), hasConflicts);
          return new Greeting(peer().instance(), Optional.of(state));
        });
  }

  @Override
  public String lastSequence() {
    return call("lastSequence", () -> peer().lastSequence());
  }

  @Override
  public ChangesPage changes(String since, int limit, Scope scope, String leavingSince) {
    ChangesPage page =
        call("changes", () -> bug.changes(peer().changes(since, limit, scope, leavingSince)));
    if (!network.talksNonsense()) {
      return page;
    }
    List<PeerChange> changes = new ArrayList<>(page.changes());
    changes.add(new PeerChange("_nonsense", List.of(NONSENSE), false, false));
    changes.add(new PeerChange("nonsense", List.of(NONSENSE), false, false));
    return new ChangesPage(changes, page.lastSequence(), page.hasMore(), page.pending());
  }

  @Override
  public Waiting whenChanged(String since, Scope scope, ChangeListener listener) {
    Wait wait = new Wait(listener);
    wait.feed = call("whenChanged", () -> peer().whenChanged(since, scope, wait));
    wait.listenOn();
    return wait;
  }

  /** A request that is answered when there is news. */
  private final class Wait implements Waiting, ChangeListener {
    private final ChangeListener listener;
    private final Scheduler.Life life = there.life();
    private Waiting feed = () -> {};
    private boolean isLost;
    private boolean isOver;

    Wait(ChangeListener listener) {
      this.listener = listener;
    }

    @Override
    public void changed() {
      scheduler.after(
          network.delay(there, here),
          () -> {
            if (network.isOpen(there, here)) {
              end(listener::changed);
            } else {
              isLost = true;
            }
          });
    }

    @Override
    public void failed(PeerException why) {
      end(() -> listener.failed(why));
    }

    void listenOn() {
      if (isOver) {
        feed.close();
        return;
      }
      scheduler.after(
          HEARTBEAT_MILLIS,
          () -> {
            if (isOver || here.life().isOver()) {
              return;
            }
            if (isLost
                || life.isOver()
                || !network.isOpen(there, here)
                || !network.isOpen(here, there)) {
              failed(new PeerException(Kind.UNREACHABLE, null, "the feed broke off"));
            } else {
              listenOn();
            }
          });
    }

    private void end(Runnable tell) {
      if (!isOver) {
        close();
        tell.run();
      }
    }

    @Override
    public void close() {
      isOver = true;
      feed.close();
    }
  }

  @Override
  public Map<String, MissingRevisions> missing(Map<String, List<RevisionId>> offered) {
    Map<String, MissingRevisions> missing =
        call("missing", () -> bug.missing(here, peer().missing(offered)));
    if (!network.talksNonsense()) {
      return missing;
    }
    Map<String, MissingRevisions> more = new LinkedHashMap<>(missing);
    more.put("_nonsense", new MissingRevisions(List.of(NONSENSE), List.of()));
    more.put("nonsense", new MissingRevisions(List.of(NONSENSE), List.of(NONSENSE)));
    return more;
  }

  @Override
  public void read(Map<String, List<RevisionId>> wanted, RevisionVisitor visitor) {
    List<SentRevision> found = new ArrayList<>();
    call(
        "read",
        () -> {
          peer().read(wanted, into(found));
          return found;
        });
    for (SentRevision each : found) {
      network.garble();
      visitor.take(withAttachments(each, this::fetchLater));
    }
  }

  private static RevisionVisitor into(List<SentRevision> found) {
    return new RevisionVisitor() {
      @Override
      public void take(SentRevision revision) {
        found.add(revision);
      }

      @Override
      public void refuse(String id, RevisionId revision, String reason) {
        throw new IllegalStateException("a Stave hands over all that it has");
      }
    };
  }

  /** The bytes are asked for when they are wanted: the document may have gone by then. */
  private SentAttachment fetchLater(SentAttachment of) {
    return WireAttachment.of(of, () -> call("attachment", () -> WireAttachment.bytes(of)));
  }

  private static SentRevision withAttachments(
      SentRevision sent, UnaryOperator<SentAttachment> how) {
    Map<String, SentAttachment> all = new HashMap<>();
    sent.attachments().forEach((name, of) -> all.put(name, how.apply(of)));
    return new SentRevision(
        sent.id(), sent.path(), sent.body(), all, sent.provenances(), sent.known());
  }

  @Override
  public List<GraftResult> graft(List<SentRevision> revisions) {
    return prepare(revisions).write();
  }

  /** Attachments are read here and now: the documents may have gone when it is sent. */
  @Override
  public PreparedGraft prepare(List<SentRevision> revisions) {
    List<SentRevision> packed = new ArrayList<>();
    List<GraftResult> gone = new ArrayList<>();
    for (SentRevision each : revisions) {
      try {
        packed.add(packed(each));
      } catch (PeerException e) {
        if (e.kind() != Kind.NOT_THERE) {
          throw e;
        }
        gone.add(new GraftResult.Gone(each.id(), each.revision()));
      }
    }
    return () -> {
      List<GraftResult> results = new ArrayList<>(gone);
      results.addAll(write("graft", () -> bug.graft(peer(), packed)));
      return results;
    };
  }

  private static SentRevision packed(SentRevision sent) {
    return withAttachments(
        sent,
        of -> {
          byte[] bytes = WireAttachment.bytes(of);
          return WireAttachment.of(of, () -> bytes);
        });
  }

  @Override
  public Map<String, List<RevisionId>> missingBases(Collection<String> documents) {
    return call("missingBases", () -> peer().missingBases(documents));
  }

  @Override
  public List<String> conflicts(String after, int limit) {
    return call("conflicts", () -> peer().conflicts(after, limit));
  }

  @Override
  public void giveBases(List<SentRevision> bases) {
    List<SentRevision> packed = new ArrayList<>();
    bases.forEach(each -> packed.add(packed(each)));
    write(
        "giveBases",
        () -> {
          peer().giveBases(packed);
          return true;
        });
  }

  @Override
  public Optional<JsonObject> getLocal(String id) {
    return call("getLocal", () -> peer().getLocal(id));
  }

  @Override
  public void putLocal(String id, JsonObject body) {
    write(
        "putLocal",
        () -> {
          peer().putLocal(id, body);
          return true;
        });
  }

  @Override
  public void commit() {
    call(
        "commit",
        () -> {
          peer().commit();
          return true;
        });
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return name();
  }
}
