package dev.stave.server.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.json.JsonObject;
import dev.stave.review.Comment;
import dev.stave.revision.Revision;
import dev.stave.revision.RevisionId;
import dev.stave.revision.RevisionPath;
import dev.stave.revision.RevisionTree;
import dev.stave.server.accounts.Identity;
import dev.stave.server.accounts.Security;
import dev.stave.server.exchange.HttpException;
import dev.stave.server.exchange.JsonReply;
import dev.stave.server.exchange.Request;
import dev.stave.server.graphql.GraphQLOptions;
import dev.stave.server.graphql.GraphQLSettings;
import dev.stave.server.script.ScriptPool;
import dev.stave.server.view.DesignViews;
import dev.stave.server.wire.OutgoingDocument;
import dev.stave.validation.SchemaRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the documents of one request before they are written: that the {@code
 * validate_doc_update} of every design document lets them pass, and that a design document's
 * functions can be compiled.
 */
public final class WriteRules {

  private static final String FUNCTION = "validate_doc_update";

  private final ScriptPool scripts;
  private final Identity who;
  private final Function<String, HttpException> refusal;
  private final Database database;
  private final boolean partitioned;
  private final List<Document> designs = new ArrayList<>();
  private final JsonNode user;
  private final JsonNode security;

  private WriteRules(
      ScriptPool scripts,
      Identity who,
      String name,
      Function<String, HttpException> refusal,
      Database database) {
    this.scripts = scripts;
    this.who = who;
    this.refusal = refusal;
    this.database = database;
    this.partitioned = Partition.areIn(database);
    database.forEach(
        DocumentKind.DESIGN_IDS,
        design -> {
          if (design.body().sharedTree().path(FUNCTION).isTextual()) {
            designs.add(design);
          }
          return true;
        });
    boolean areTold = !designs.isEmpty(); // most databases have no function that is to be told
    this.user = areTold ? UserContext.of(who, name) : NullNode.getInstance();
    this.security = areTold ? UserContext.security(database) : NullNode.getInstance();
  }

  public static WriteRules of(ScriptPool scripts, Request request, Database database) {
    return new WriteRules(
        scripts, request.identity(), request.segment(0), request::refusal, database);
  }

  /** As an administrator's: of what a replication writes into the database of that name. */
  public static WriteRules ofReplication(ScriptPool scripts, String name, Database database) {
    return new WriteRules(scripts, Identity.ANYBODY, name, HttpException::badRequest, database);
  }

  /** Whether there is no rule for a document. */
  public boolean areNoneFor(String id) {
    return designs.isEmpty() && !isOfWhoTends(id);
  }

  /**
   * Passes if a new revision of {@code parent} may be written, or with null a new document. What is
   * stale passes too: the write says so.
   *
   * @throws dev.stave.server.script.ScriptException if it may not
   */
  public void checkEdit(String id, @Nullable RevisionId parent, boolean deleted, JsonObject body) {
    checkPartition(id);
    requireMayWrite(id);
    if (Document.isDesign(id)) {
      if (!deleted) {
        DesignViews.check(id, body, scripts.limits());
      }
      return;
    }
    if (id.equals(GraphQLSettings.DOCUMENT) && !deleted) {
      requireSettings(body);
    }
    if (designs.isEmpty() || isStale(id, parent)) {
      return;
    }
    ObjectNode revisions =
        JsonReply.object().put("start", parent == null ? 0 : parent.generation());
    ArrayNode ids = revisions.putArray("ids");
    if (parent != null) {
      ids.add(parent.digest());
    }
    JsonNode old = parent == null ? NullNode.getInstance() : shown(database.get(id, parent));
    check(shown(id, parent, deleted, revisions, body), old);
  }

  private void checkPartition(String id) {
    if (partitioned) {
      Partition.checkId(id);
    }
  }

  /**
   * Design documents, and settings, are written by those who tend the database: what they say is
   * for everybody's reading and writing. Of Stave's own only comments are somebody's own word.
   */
  private static boolean isOfWhoTends(String id) {
    return Document.isDesign(id)
        || id.startsWith(SchemaRules.OWN) && !id.startsWith(Comment.PREFIX);
  }

  private void requireMayWrite(String id) {
    if (isOfWhoTends(id) && !who.isAdmin() && !Security.of(database).isAdmin(who)) {
      throw refusal.apply("You are not a db or server admin.");
    }
  }

  /** Settings that cannot be followed would be left out, and nobody told but the log. */
  private static void requireSettings(JsonObject body) {
    try {
      GraphQLSettings.of(GraphQLOptions.DEFAULT, body);
    } catch (IllegalArgumentException e) {
      throw HttpException.badRequest(GraphQLSettings.DOCUMENT + ": " + e.getMessage());
    }
  }

  private boolean isStale(String id, @Nullable RevisionId parent) {
    return parent == null
        ? database.tree(id).winner().filter(winner -> !winner.deleted()).isPresent()
        : !database.tree(id).isLeaf(parent);
  }

  /** As {@link #checkEdit}, of a revision that another peer made. */
  public void checkGraft(String id, RevisionPath path, JsonObject body) {
    checkPartition(id);
    requireMayWrite(id);
    if (Document.isDesign(id) || designs.isEmpty()) {
      return;
    }
    ObjectNode revisions = JsonReply.object().put("start", path.leaf().generation());
    ArrayNode ids = revisions.putArray("ids");
    path.ids().forEach(each -> ids.add(each.digest()));
    RevisionTree tree = database.tree(id);
    Optional<RevisionId> known =
        path.ids().stream()
            .skip(1)
            .filter(each -> tree.get(each).filter(Revision::hasBody).isPresent())
            .findFirst();
    JsonNode old = known.isEmpty() ? NullNode.getInstance() : shown(database.get(id, known.get()));
    check(shown(id, path.leaf(), path.deleted(), revisions, body), old);
  }

  private static JsonNode shown(Optional<Document> document) {
    return document.<JsonNode>map(OutgoingDocument::tree).orElseGet(NullNode::getInstance);
  }

  private static ObjectNode shown(
      String id,
      @Nullable RevisionId revision,
      boolean deleted,
      ObjectNode revisions,
      JsonObject body) {
    ObjectNode document = JsonReply.object().put("_id", id);
    if (revision != null) {
      document.put("_rev", revision.toString());
    }
    if (deleted) {
      document.put("_deleted", true);
    }
    document.set("_revisions", revisions);
    return document.setAll(body.tree());
  }

  private void check(JsonNode document, JsonNode old) {
    for (Document design : designs) {
      scripts.with(
          database,
          design,
          script -> script.call(List.of(FUNCTION), document, old, user, security));
    }
  }
}
