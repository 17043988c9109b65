package dev.stave.fieldnotes.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Attachment;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.review.MergeRequest;
import dev.stave.review.Preview;
import dev.stave.revision.RevisionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The merge of what two people made of a site, as {@link dev.stave.review.MergeRequests} writes it,
 * in a batch to which more can be added: what has to come about with it, or not at all.
 */
final class SiteMerge {

  /** In a tombstone: the merge that has this branch's changes. {@code merge-requests.md}. */
  private static final String MERGED_INTO = "merged_into";

  private SiteMerge() {}

  /** Adds to {@code batch} what makes {@code settled} of the sides of {@code preview}. */
  static void add(WriteBatch batch, Database database, Preview preview, ObjectNode settled) {
    MergeRequest request = preview.request();
    String id = request.document();
    List<RevisionId> others = request.sides().subList(1, request.sides().size());
    RevisionId merge =
        batch.merge(
            id,
            request.sides().get(0),
            others,
            false,
            JsonObject.of(settled),
            attachments(database, preview));
    ObjectNode why = JsonNodeFactory.instance.objectNode().put(MERGED_INTO, merge.toString());
    for (RevisionId side : others) {
      batch.delete(id, side, JsonObject.of(why));
    }
  }

  /** Of each name what that side has which changed it, the first of several. */
  private static Map<String, Attachment> attachments(Database database, Preview preview) {
    RevisionId base = preview.request().base();
    Map<String, Attachment> before =
        Optional.ofNullable(base)
            .flatMap(revision -> database.get(preview.request().document(), revision))
            .map(Document::attachments)
            .orElse(Collections.emptySortedMap());
    List<Map<String, Attachment>> sides =
        preview.sides().stream()
            .map(side -> side.document().attachments())
            .collect(Collectors.toList());
    TreeSet<String> names = new TreeSet<>();
    sides.forEach(side -> names.addAll(side.keySet()));
    Map<String, Attachment> merged = new TreeMap<>();
    for (String name : names) {
      Attachment old = before.get(name);
      Attachment kept = old;
      for (Map<String, Attachment> side : sides) {
        if (!isSame(old, side.get(name))) {
          kept = side.get(name);
          break;
        }
      }
      if (kept != null) {
        merged.put(name, kept);
      }
    }
    return merged;
  }

  private static boolean isSame(@Nullable Attachment one, @Nullable Attachment other) {
    return one == null ? other == null : one.isSame(other);
  }
}
