package dev.stave.server.graphql;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.document.Document;
import dev.stave.merge.Clash;
import dev.stave.merge.FieldDiff;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A merge request that is looked at: what merging would come to is found out when it is asked. */
final class Reviewed {

  private final Database database;
  private final MergeRequests requests;
  private final MergeRequest request;
  private @Nullable Preview preview;

  Reviewed(Database database, MergeRequests requests, MergeRequest request) {
    this.database = database;
    this.requests = requests;
    this.request = request;
  }

  MergeRequests requests() {
    return requests;
  }

  MergeRequest request() {
    return request;
  }

  /** The winner; null if it is deleted. */
  @Nullable Document document() {
    return database.get(request.document()).orElse(null);
  }

  /**
   * @throws GraphQLException if the body of a side is not kept any more
   */
  synchronized Preview preview() {
    Preview known = preview;
    if (known == null) {
      try {
        known = requests.preview(request);
      } catch (IllegalStateException e) {
        throw new GraphQLException(
            ErrorCode.NOT_FOUND, "a side of it is not kept any more", "request", request.id());
      }
      preview = known;
    }
    return known;
  }

  /** What JSON has of a value; null where there is none. */
  static @Nullable Object value(JsonNode node) {
    return node.isMissingNode() ? null : node;
  }

  /** That of one side, from 0 in winner order; null if it deletes, or there are not so many. */
  @Nullable Object side(int number) {
    List<Preview.Branch> sides = preview().sides();
    return number < sides.size() ? value(sides.get(number).value()) : null;
  }

  /** One side: its number, and what it is. */
  record Side(int number, Preview.Branch branch) {}

  List<Side> sides() {
    List<Side> sides = new ArrayList<>();
    for (Preview.Branch branch : preview().sides()) {
      sides.add(new Side(sides.size(), branch));
    }
    return sides;
  }

  /** A change, and the side that made it. */
  record SideChange(int side, FieldDiff.Change change) {}

  List<SideChange> changes() {
    List<SideChange> changes = new ArrayList<>();
    for (Side side : sides()) {
      changes.addAll(changes(side));
    }
    return changes;
  }

  static List<SideChange> changes(Side side) {
    List<SideChange> changes = new ArrayList<>();
    for (FieldDiff.Change change : side.branch().diff().changes()) {
      changes.add(new SideChange(side.number(), change));
    }
    return changes;
  }

  List<Clash> clashes() {
    return preview().result().clashes();
  }
}
