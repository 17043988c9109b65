package dev.stave.fieldnotes.screens;

import android.content.res.Resources;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.sync.Troubles;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.Departure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What waits for somebody, as of now.
 *
 * @param titles what the notes in it are called, by id: of those that are here
 */
record Waiting(
    List<DeadLetter> refused,
    List<DeadLetter> refusedHere,
    List<DeadLetter> kept,
    List<Departure> departed,
    Set<String> conflicted,
    List<Visit> stray,
    Map<String, String> titles) {

  static Waiting of(FieldNotes notes, Troubles troubles, Resources phone) {
    Map<String, String> titles = new LinkedHashMap<>();
    Waiting waiting =
        new Waiting(
            troubles.refusedThere(),
            troubles.refusedHere(),
            troubles.keptHere(),
            troubles.departed(),
            notes.conflicts().ids(),
            notes.strayVisits(),
            titles);
    for (List<DeadLetter> letters :
        List.of(waiting.refused(), waiting.refusedHere(), waiting.kept())) {
      letters.forEach(letter -> waiting.name(notes, phone, letter.document()));
    }
    waiting.departed().forEach(departure -> waiting.name(notes, phone, departure.document()));
    waiting.conflicted().forEach(id -> waiting.name(notes, phone, id));
    return waiting;
  }

  private void name(FieldNotes notes, Resources phone, String id) {
    notes
        .document(id)
        .map(document -> document.body().sharedTree())
        .ifPresent(
            body -> {
              String name = body.path("name").asText();
              titles.put(id, name.isEmpty() ? visit(notes, phone, body) : name);
            });
  }

  /** A visit is called by its site and its date. */
  private static String visit(FieldNotes notes, Resources phone, JsonNode body) {
    String site =
        notes
            .document(body.path("site").asText())
            .map(document -> document.body().sharedTree().path("name").asText())
            .orElse("");
    String date = Dates.words(phone, body.path("date").asText());
    return site.isEmpty() ? date + " " + body.path("finding").asText() : site + ", " + date;
  }
}
