package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.text.format.DateUtils;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.database.HistoryEntry;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.screens.Rows.Row;
import dev.stave.merge.FieldDiff;
import dev.stave.revision.HybridTime;
import dev.stave.revision.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who made what of a note, when; and how to bring it back. */
public final class HistoryActivity extends NotesActivity {

  /** One version with what it changed; {@code before} is empty of the first. */
  private record Version(HistoryEntry entry, Optional<Document> now, Optional<Document> before) {}

  private Rows rows;

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_cards, R.string.history, false);
    rows = Rows.of(this);
  }

  @Override
  void reload() {
    String id = id();
    app().ask(this, notes -> versions(notes, id), this::show);
  }

  private static List<Version> versions(FieldNotes notes, String id) {
    List<Version> versions = new ArrayList<>();
    for (HistoryEntry entry : notes.history(id)) {
      Optional<Document> before =
          Optional.ofNullable(entry.parent()).flatMap(parent -> notes.version(id, parent));
      versions.add(new Version(entry, notes.version(id, entry.revision()), before));
    }
    return versions;
  }

  private void show(List<Version> versions) {
    List<Row> all = new ArrayList<>();
    for (Version version : versions) {
      all.add(new Row(version.entry().revision(), version, cards -> show(cards.card(), version)));
    }
    rows.show(all);
  }

  private void show(Cards card, Version version) {
    HistoryEntry entry = version.entry();
    if (entry.standing() == HistoryEntry.Standing.WINNER) {
      card.heading(R.string.history_now);
    } else if (entry.standing() == HistoryEntry.Standing.CONFLICT) {
      card.heading(R.string.history_side);
    }
    card.strong(who(entry.provenance()));
    if (entry.deleted()) {
      boolean isClosed = entry.standing() == HistoryEntry.Standing.CLOSED;
      card.text(getText(isClosed ? R.string.history_closed : R.string.history_deleted));
      return;
    }
    if (!version.now().isPresent()) {
      card.text(getText(R.string.history_not_kept));
      return;
    }
    changes(card, version);
    if (entry.standing() == HistoryEntry.Standing.ANCESTOR) {
      String id = id();
      card.quiet(
          R.id.restore,
          R.string.restore,
          () ->
              app()
                  .ask(
                      this,
                      notes -> {
                        notes.restore(id, entry.revision());
                        return true;
                      },
                      done -> {}));
    }
  }

  private String who(Optional<Provenance> told) {
    String author = told.map(Provenance::author).orElse(getString(R.string.history_unknown));
    HybridTime time = told.map(Provenance::time).orElse(null);
    if (time == null) {
      return author;
    }
    String when =
        DateUtils.formatDateTime(
            this, time.millis(), DateUtils.FORMAT_SHOW_DATE | DateUtils.FORMAT_SHOW_TIME);
    return getString(R.string.history_by, author, when);
  }

  private void changes(Cards card, Version version) {
    if (version.entry().parent() == null) {
      card.text(getText(R.string.history_created));
      return;
    }
    JsonNode body = version.now().orElseThrow(AssertionError::new).body().sharedTree();
    if (version.before().isPresent()) {
      JsonNode before = version.before().get().body().sharedTree();
      for (FieldDiff.Change each : FieldDiff.between(before, body).changes()) {
        String label = Words.label(getResources(), each.path(), body);
        String value = Words.value(getResources(), each.path(), each.after());
        card.text(getString(R.string.history_changed, label, value));
      }
      int photos =
          version.now().get().attachments().size() - version.before().get().attachments().size();
      if (photos != 0) {
        card.text(
            getString(
                R.string.history_changed,
                getText(R.string.photos),
                photos > 0 ? "+" + photos : "" + photos));
      }
    }
  }
}
