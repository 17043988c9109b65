package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.json.JsonObject;
import dev.stave.review.ForkRequest;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Departure;
import dev.stave.sync.RevisionStatus;
import dev.stave.sync.peer.ChangesPage;
import dev.stave.sync.peer.GraftResult;
import dev.stave.sync.peer.MissingRevisions;
import dev.stave.sync.peer.Peer;
import dev.stave.sync.peer.PeerChange;
import dev.stave.sync.peer.SentRevision;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each checker of the {@link Simulation} finds what it is there to find. */
class PlantedBugsTest {

  private static final int SEEDS = 400;

  /** The first seeds find it, and say what of it they saw. */
  private static void assertFound(Bug bug, String by) {
    List<String> found = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      try {
        Simulation.run(seed, bug);
      } catch (AssertionError e) {
        found.add(e.getMessage());
        if (e.getMessage().contains("[" + by + ": ")) {
          assertThat(e).hasMessageContaining("-Dseed=" + seed);
          return;
        }
      }
    }
    throw new AssertionError("not found by " + by + ", but: " + found);
  }

  private static class Forgetful extends Bug {
    private final String document;
    private int count;

    Forgetful(String document) {
      this.document = document;
    }

    @Override
    List<GraftResult> graft(Peer peer, List<SentRevision> revisions) {
      List<GraftResult> results = new ArrayList<>();
      for (SentRevision each : revisions) {
        boolean forgets = each.id().equals(document) && count++ % 3 == 0;
        results.addAll(
            forgets
                ? List.of(new GraftResult.Taken(each.id(), each.revision()))
                : peer.graft(List.of(each)));
      }
      return results;
    }
  }

  @Test
  void status_graftAcknowledgedAndDropped_isFound() {
    assertFound(new Forgetful("d1"), "status");
  }

  @Test
  void status_allIsSaidToBeAcknowledged_isFound() {
    assertFound(
        new Bug() {
          @Override
          RevisionStatus status(RevisionStatus said) {
            return new RevisionStatus.Acknowledged();
          }
        },
        "status");
  }

  /** All is well but for what nobody asks the status of. */
  @Test
  void checkpoint_graftAcknowledgedAndDropped_isFound() {
    assertFound(
        new Forgetful("d1") {
          @Override
          RevisionStatus status(RevisionStatus said) {
            return new RevisionStatus.OutOfScope();
          }
        },
        "checkpoint");
  }

  @Test
  void checkpoint_writtenTooEarly_isFound() {
    assertFound(
        new Bug() {
          @Override
          ChangesPage changes(ChangesPage page) {
            String early = Long.toString(Long.parseLong(page.lastSequence()) + 3);
            return new ChangesPage(page.changes(), early, page.hasMore(), page.pending());
          }
        },
        "checkpoint");
  }

  @Test
  void deadLetters_refusalNotTold_isFound() {
    assertFound(
        new Quiet() {
          @Override
          List<GraftResult> graft(Peer peer, List<SentRevision> revisions) {
            List<GraftResult> results = new ArrayList<>();
            for (GraftResult each : peer.graft(revisions)) {
              results.add(
                  each instanceof GraftResult.Refused
                      ? new GraftResult.Taken(each.id(), each.revision())
                      : each);
            }
            return results;
          }
        },
        "dead letters");
  }

  @Test
  void deadLetters_taken_isFound() {
    assertFound(
        new Bug() {
          @Override
          List<GraftResult> graft(Peer peer, List<SentRevision> revisions) {
            peer.graft(revisions);
            return revisions.stream()
                .map(
                    each -> (GraftResult) new GraftResult.Refused(each.id(), each.revision(), "so"))
                .toList();
          }
        },
        "dead letters");
  }

  /** Nobody looks before the end. */
  private static class Quiet extends Bug {
    @Override
    boolean looksMeanwhile() {
      return false;
    }
  }

  private static void purgeAll(Database database, String id) {
    for (Revision leaf : database.tree(id).leaves()) {
      database.purge(Map.of(id, List.of(leaf.id())));
    }
  }

  @Test
  void lostEdit_documentPurged_isFound() {
    assertFound(
        new Quiet() {
          private int count;

          @Override
          void between(Database database) {
            if (count++ % 20 == 0) {
              purgeAll(database, "d1");
            }
          }
        },
        "lost edit");
  }

  @Test
  void convergence_otherBodyUnderTheSameRevision_isFound() {
    assertFound(
        new Bug() {
          @Override
          List<GraftResult> graft(Peer peer, List<SentRevision> revisions) {
            return peer.graft(
                revisions.stream()
                    .map(each -> each.id().equals("d1") ? empty(each) : each)
                    .toList());
          }
        },
        "convergence");
  }

  private static SentRevision empty(SentRevision sent) {
    return new SentRevision(
        sent.id(),
        sent.path(),
        JsonObject.parse("{}"),
        sent.attachments(),
        sent.provenances(),
        sent.known());
  }

  @Test
  void index_answersTooMuch_isFound() {
    assertFound(
        new Bug() {
          @Override
          int found(int count) {
            return count + 1;
          }
        },
        "index");
  }

  @Test
  void scope_whatLeavesIsNotTold_isFound() {
    assertFound(
        new Bug() {
          @Override
          ChangesPage changes(ChangesPage page) {
            List<PeerChange> told =
                page.changes().stream().filter(change -> !change.isLeaving()).toList();
            return new ChangesPage(told, page.lastSequence(), page.hasMore(), page.pending());
          }
        },
        "scope");
  }

  /** So that edits are purged with what they were made of. */
  @Test
  void scope_peerSaysThatItHasAll_isFound() {
    assertFound(
        new Bug() {
          @Override
          Map<String, MissingRevisions> missing(Node asker, Map<String, MissingRevisions> said) {
            return asker.replica().isPresent() ? Map.of() : said; // a phone's office
          }
        },
        "scope");
  }

  @Test
  void scope_departureNotShown_isFound() {
    assertFound(
        new Bug() {
          @Override
          List<Departure> departures(List<Departure> said) {
            return List.of();
          }
        },
        "scope");
  }

  @Test
  void scope_allIsSaidToBeAcknowledged_isFound() {
    assertFound(
        new Bug() {
          @Override
          RevisionStatus status(RevisionStatus said) {
            return said instanceof RevisionStatus.Local ? new RevisionStatus.Acknowledged() : said;
          }
        },
        "scope");
  }

  @Test
  void fork_mergeSaysMoreThanItDid_isFound() {
    assertFound(
        new Bug() {
          @Override
          ForkRequest.Merged merge(ForkRequest request) {
            return request.merge(List.of("d0", "d1"), "ann", null);
          }
        },
        "fork");
  }

  @Test
  void purge_leavesStay_isFound() {
    assertFound(
        new Bug() {
          @Override
          void purge(Database database, Map<String, List<RevisionId>> leaves) {}
        },
        "purge");
  }

  /** Of a document of which something was purged the rest has to be the same all the same. */
  @Test
  void convergence_otherBodyBesideAPurge_isFound() {
    assertFound(
        new Quiet() {
          private final Set<String> purged = new HashSet<>();

          @Override
          void purge(Database database, Map<String, List<RevisionId>> leaves) {
            super.purge(database, leaves);
            purged.addAll(leaves.keySet());
          }

          @Override
          List<GraftResult> graft(Peer peer, List<SentRevision> revisions) {
            return peer.graft(
                revisions.stream()
                    .map(each -> purged.contains(each.id()) ? empty(each) : each)
                    .toList());
          }
        },
        "convergence");
  }
}
