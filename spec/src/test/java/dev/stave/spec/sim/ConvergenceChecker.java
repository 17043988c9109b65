package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All machines hold the same: leaves, winners, bodies, the bytes of attachments. Of a document of
 * which something was purged at one of them it is the leaves that do not come of that.
 */
final class ConvergenceChecker {

  void check(Fleet fleet) {
    Node first = fleet.nodes().get(0);
    for (Node node : fleet.nodes()) {
      assertThat(contents(fleet, node, id -> fleet.isShared(id, first, node)))
          .as("convergence: %s has what %s has", node, first)
          .isEqualTo(contents(fleet, first, id -> fleet.isShared(id, first, node)));
    }
  }

  private static Map<String, String> contents(Fleet fleet, Node node, Predicate<String> which) {
    Map<String, String> contents = new TreeMap<>();
    for (Change change : node.database().changes(0, Integer.MAX_VALUE)) {
      if (which.test(change.id())) {
        String content = content(fleet, node.database(), change.id());
        if (!content.isEmpty()) {
          contents.put(change.id(), content);
        }
      }
    }
    return contents;
  }

  /** Empty if there is nothing that all have to have. */
  private static String content(Fleet fleet, Database database, String id) {
    RevisionTree tree = database.tree(id);
    TreeSet<String> leaves =
        tree.leaves().stream()
            .filter(leaf -> !fleet.ledger().isPurgedAnywhere(id, tree, leaf.id()))
            .map(
                leaf -> leaf.id() + (leaf.deleted() ? " deleted " : " ") + body(database, id, leaf))
            .collect(Collectors.toCollection(TreeSet::new));
    if (fleet.ledger().isPurgedAnywhere(id)) {
      return String.join(" ", leaves);
    }
    return database.get(id).map(Document::revision) + " of " + leaves;
  }

  private static String body(Database database, String id, Revision leaf) {
    Optional<Document> document = database.get(id, leaf.id());
    StringBuilder text = new StringBuilder();
    document.ifPresent(
        found -> {
          text.append(found.body());
          found.attachments().forEach((name, of) -> text.append(name).append(bytes(database, of)));
        });
    return text.toString();
  }

  private static String bytes(Database database, Attachment attachment) {
    try (InputStream in = database.attachments().open(attachment)) {
      return attachment.digest() + Arrays.hashCode(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
