package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionTree;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Parameters;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.sync.http.ProvenanceJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a reader may ask for of a document's history, as members of the document. */
public final class HistoryMembers {

  /** What {@code conflicts=true} asks for. */
  public static final Parameters CONFLICTS = new Parameters(Map.of("conflicts", "true"));

  private static final List<String> ALL =
      List.of(
          "meta",
          "revs",
          "revs_info",
          "conflicts",
          "deleted_conflicts",
          "local_seq",
          ProvenanceJson.PARAMETER);

  private HistoryMembers() {}

  /** Refuses values that are neither true nor false, before a reply begins. */
  public static void check(Parameters parameters) {
    ALL.forEach(parameters::flag);
  }

  /** The members that {@code parameters} ask for. */
  public static Map<String, JsonNode> of(
      Parameters parameters, Database database, Document document) {
    boolean meta = parameters.flag("meta");
    boolean revisions = parameters.flag("revs");
    boolean info = meta || parameters.flag("revs_info");
    boolean conflicts = meta || parameters.flag("conflicts");
    boolean deletedConflicts = meta || parameters.flag("deleted_conflicts");
    boolean sequence = parameters.flag("local_seq");
    boolean told = parameters.flag(ProvenanceJson.PARAMETER);
    if (!revisions && !info && !conflicts && !deletedConflicts && !sequence && !told) {
      return Map.of();
    }
    RevisionTree tree = database.tree(document.id());
    List<Revision> path = tree.path(document.revision());
    Map<String, JsonNode> members = new LinkedHashMap<>();
    if (revisions) {
      members.put("_revisions", revisions(path));
    }
    if (told) {
      ObjectNode who =
          ProvenanceJson.write(
              database.history(document.id()).provenances(),
              path.stream().map(Revision::id).toList());
      if (!who.isEmpty()) {
        members.put(ProvenanceJson.MEMBER, who);
      }
    }
    if (info) {
      members.put("_revs_info", info(path));
    }
    if (sequence) {
      members.put("_local_seq", LongNode.valueOf(newest(tree)));
    }
    if (conflicts) {
      putUnlessEmpty(members, "_conflicts", tree.conflicts());
    }
    if (deletedConflicts) {
      List<Revision> losers = tree.leaves().stream().skip(1).filter(Revision::deleted).toList();
      putUnlessEmpty(members, "_deleted_conflicts", losers);
    }
    return members;
  }

  private static long newest(RevisionTree tree) {
    return tree.leaves().stream().mapToLong(Revision::sequence).max().orElse(0);
  }

  private static void putUnlessEmpty(
      Map<String, JsonNode> members, String name, List<Revision> revisions) {
    if (!revisions.isEmpty()) {
      members.put(name, OutgoingDocument.ids(revisions));
    }
  }

  private static ObjectNode revisions(List<Revision> path) {
    ObjectNode revisions = JsonReply.object();
    revisions.put("start", path.isEmpty() ? 0 : path.get(0).id().generation());
    ArrayNode ids = revisions.putArray("ids");
    path.forEach(revision -> ids.add(revision.id().digest()));
    return revisions;
  }

  private static ArrayNode info(List<Revision> path) {
    ArrayNode info = JsonNodeFactory.instance.arrayNode();
    for (Revision revision : path) {
      String status =
          !revision.hasBody() ? "missing" : revision.deleted() ? "deleted" : "available";
      info.addObject().put("rev", revision.id().toString()).put("status", status);
    }
    return info;
  }
}
