package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.sync.Departure;
import dev.stave.sync.ReplicaState;
import dev.stave.sync.RevisionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What is written on a phone is there or at its office, whatever left its scope, until somebody
 * gives it up. In the end the phone has what of the office is in scope, and beside that only what
 * the office lacks something of: a departure, or a document of its own.
 */
final class ScopeChecker {

  private final Bug bug;

  ScopeChecker(Bug bug) {
    this.bug = bug;
  }

  /** At any moment at which both can be looked at. */
  void check(Fleet fleet, Phone phone) {
    if (!phone.node().isOn() || !phone.office().isOn()) {
      return;
    }
    Ledger ledger = fleet.ledger();
    for (Ledger.Edit edit : ledger.edits()) {
      if (edit.node() != phone.node() || ledger.isPurgedAt(phone.office(), edit)) {
        continue;
      }
      boolean isThere = ledger.isAt(phone.office(), edit);
      boolean isHere = ledger.isAt(phone.node(), edit);
      assertThat(isHere || isThere || ledger.isDiscarded(edit)).as("scope: lost %s", edit).isTrue();
      boolean isKept = phone.node().database().tree(edit.id()).get(edit.revision()).isPresent();
      if (isKept && !isThere) {
        assertThat(bug.status(phone.replica().status(edit.id(), edit.revision())))
            .as(
                "scope: status of %s, which %s has not, here %s, of %s",
                edit, phone.office(), text(phone.node().database(), edit.id()), phone)
            .isNotInstanceOf(RevisionStatus.Acknowledged.class);
      }
    }
  }

  /** Nothing is under way any more. */
  void checkFinal(Fleet fleet, Phone phone) {
    check(fleet, phone);
    ReplicaState state = phone.replica().state();
    assertThat(state.isInStep()).as("scope: %s is at rest, and is %s", phone, state).isTrue();
    for (Ledger.Edit edit : fleet.ledger().edits()) {
      Database here = phone.node().database();
      if (edit.node() == phone.node() && here.tree(edit.id()).get(edit.revision()).isPresent()) {
        assertThat(phone.replica().status(edit.id(), edit.revision()).isFinal())
            .as("scope: it is known what became of %s at %s", edit, phone)
            .isTrue();
      }
    }
    Set<String> departed =
        bug.departures(phone.replica().departures().open()).stream()
            .map(Departure::document)
            .collect(Collectors.toSet());
    Set<String> ids = new TreeSet<>();
    phone.node().database().changes(0, Integer.MAX_VALUE).forEach(each -> ids.add(each.id()));
    phone.office().database().changes(0, Integer.MAX_VALUE).forEach(each -> ids.add(each.id()));
    for (String id : ids) {
      if (!isPurged(fleet, phone.node(), id) && !isPurged(fleet, phone.office(), id)) {
        check(phone, id, departed);
      }
    }
  }

  private static boolean isPurged(Fleet fleet, Node node, String id) {
    return node.database().tree(id).leaves().stream()
        .anyMatch(leaf -> fleet.ledger().isPurgedAnywhere(id, node.database().tree(id), leaf.id()));
  }

  private static void check(Phone phone, String id, Set<String> departed) {
    Database here = phone.node().database();
    Database there = phone.office().database();
    Predicate<Document> test = phone.scope().test().orElseThrow();
    Optional<Document> shown = here.get(id);
    boolean isIn = there.get(id).filter(test).isPresent();
    List<RevisionId> unsent = new ArrayList<>(leaves(here, id));
    unsent.removeIf(leaf -> there.tree(id).get(leaf).isPresent());
    String what = id + " here " + text(here, id) + ", there " + text(there, id) + ", of " + phone;
    if (isIn) {
      assertThat(leaves(there, id))
          .as("scope: all of %s", what)
          .allMatch(leaf -> here.tree(id).get(leaf).isPresent());
    }
    if (isIn && unsent.isEmpty()) {
      assertThat(shown).as("scope: the same of %s", what).isEqualTo(there.get(id));
    }
    if (!isIn && unsent.isEmpty() && there.get(id).isPresent()) {
      assertThat(shown).as("scope: left %s", what).isEmpty();
    }
    boolean isToBeSent = phone.isPushed() && shown.filter(test).isPresent();
    if (!unsent.isEmpty() && isToBeSent) {
      assertThat(departed).as("scope: not sent %s", what).contains(id);
    }
    // Where nothing is pushed, nobody looks at what an edit of the phone takes out of scope.
    boolean mayHaveLeft = !isIn && phone.isPushed();
    if (mayHaveLeft && shown.isPresent() && isOfTheOffice(here, there, id, unsent)) {
      assertThat(departed).as("scope: a departure of %s", what).contains(id);
    }
  }

  /**
   * Whether any of these was made of something live that the office has: what is made anew where it
   * was deleted is the phone's own. The body of that has to be here, too: a fork that is merged may
   * bring back what was purged meanwhile, without it.
   */
  private static boolean isOfTheOffice(
      Database here, Database there, String id, List<RevisionId> leaves) {
    return leaves.stream()
        .flatMap(
            leaf ->
                here.tree(id).path(leaf).stream()
                    .filter(each -> there.tree(id).get(each.id()).isPresent())
                    .limit(1))
        .anyMatch(base -> !base.deleted() && here.get(id, base.id()).isPresent());
  }

  private static List<RevisionId> leaves(Database database, String id) {
    return database.tree(id).leaves().stream().map(Revision::id).toList();
  }

  private static String text(Database database, String id) {
    return database.get(id).map(d -> d.revision() + " " + d.body()).orElse("none")
        + " of "
        + leaves(database, id);
  }
}
