package dev.stave.fieldnotes.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.Database;
import dev.stave.database.IdRange;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.json.JsonPointer;
import dev.stave.merge.Resolution;
import dev.stave.review.MergeRequest;
import dev.stave.review.MergeRequests;
import dev.stave.review.Preview;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The notes that two people changed differently, and that somebody has to settle: Stave's merge
 * requests. Any thread may call any method, except the main one.
 */
public final class Conflicts {

  private final Database database;
  private final MergeRequests requests;
  private final Unsent unsent;
  private final Supplier<String> me;

  Conflicts(Database database, MergeRequests requests, Unsent unsent, Supplier<String> me) {
    this.database = database;
    this.requests = requests;
    this.unsent = unsent;
    this.me = me;
  }

  /** The ids of these notes. */
  public Set<String> ids() {
    FieldNotes.requireBackground();
    Set<String> ids = new LinkedHashSet<>();
    database.forEachConflict(IdRange.ALL, id -> ids.add(id) || true);
    return ids;
  }

  /** What is to be settled of a note; empty if nothing is. */
  public Optional<Preview> of(String id) {
    FieldNotes.requireBackground();
    return requests.openOf(id).map(requests::preview);
  }

  /**
   * Settles it: what fits is merged, and the rest is as chosen. If a site is in another region then
   * than one of its visits, the visits go there with it, in one commit.
   *
   * @throws dev.stave.database.StaleRevisionException if somebody wrote meanwhile: look again
   */
  public void settle(MergeRequest request, Map<JsonPointer, Resolution> choices) {
    FieldNotes.requireBackground();
    JsonNode settled = requests.preview(request).result().resolve(choices);
    String region = Regions.region(settled);
    List<Document> visits =
        settled.path("type").asText().equals(Site.TYPE)
            ? Regions.elsewhere(database, request.document(), region)
            : List.of();
    WriteBatch moves = new WriteBatch();
    Regions.move(visits, region, moves);
    List<String> written = Regions.ids(visits);
    written.add(request.document());
    unsent.writing(written, () -> requests.merge(request, choices, me.get(), null, moves));
  }

  /**
   * Undoes the last settlement of a note, so that it is open again. Visits that went with a site
   * stay where they are until somebody chooses again.
   */
  public void unsettle(String id) {
    FieldNotes.requireBackground();
    requests.of(id).stream()
        .filter(each -> each.state() != MergeRequest.State.OPEN)
        .findFirst()
        .ifPresent(last -> unsent.writing(List.of(id), () -> requests.undo(last, me.get(), null)));
  }
}
