package dev.stave.spec.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.changes.Change;
import dev.stave.database.Database;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All machines hold the same: leaves, winners, bodies, the bytes of attachments. */
final class ConvergenceChecker {

  void check(Fleet fleet) {
    Node first = fleet.nodes().get(0);
    Map<String, String> expected = contents(first);
    for (Node node : fleet.nodes()) {
      assertThat(contents(node))
          .as("convergence: %s has what %s has", node, first)
          .isEqualTo(expected);
    }
  }

  private static Map<String, String> contents(Node node) {
    Map<String, String> contents = new TreeMap<>();
    for (Change change : node.database().changes(0, Integer.MAX_VALUE)) {
      contents.put(change.id(), content(node.database(), change.id()));
    }
    return contents;
  }

  private static String content(Database database, String id) {
    String leaves =
        database.tree(id).leaves().stream()
            .map(
                leaf -> leaf.id() + (leaf.deleted() ? " deleted " : " ") + body(database, id, leaf))
            .collect(Collectors.toCollection(TreeSet::new))
            .toString();
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
