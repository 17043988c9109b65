package dev.stave.fieldnotes.screens;

import android.content.Intent;
import android.os.Bundle;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.sync.SyncStatus;
import dev.stave.fieldnotes.sync.Syncing;
import dev.stave.sync.DeadLetter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far the notes are on their way, and what somebody has to do about it. */
public final class SyncActivity extends NotesActivity {

  private @Nullable SyncStatus status;

  /** Titles of notes by their ids. */
  private record Shown(
      List<DeadLetter> refused, Map<String, String> conflicts, Map<String, String> titles) {}

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_cards, R.string.sync, false);
  }

  @Override
  public void changed(SyncStatus now) {
    status = now;
    super.changed(now);
  }

  @Override
  void reload() {
    app()
        .sync(
            syncing -> {
              List<DeadLetter> refused = syncing.refused();
              app()
                  .ask(
                      this,
                      notes -> {
                        Map<String, String> conflicts = new LinkedHashMap<>();
                        notes.conflicts().forEach(id -> conflicts.put(id, title(notes, id)));
                        Map<String, String> titles = new LinkedHashMap<>();
                        refused.forEach(
                            letter ->
                                titles.put(letter.document(), title(notes, letter.document())));
                        return new Shown(refused, conflicts, titles);
                      },
                      this::show);
            });
  }

  private static String title(dev.stave.fieldnotes.data.FieldNotes notes, String id) {
    return notes
        .document(id)
        .map(
            document ->
                id.startsWith(Visit.TYPE)
                    ? Visit.of(document).date() + " " + Visit.of(document).finding()
                    : Site.of(document).name())
        .orElse(id);
  }

  private void show(Shown shown) {
    Cards cards = Cards.of(this);
    SyncStatus now = status;
    if (now != null) {
      Cards card = cards.card();
      card.title(SyncWords.of(getResources(), now).text());
      if (now.reason() != null) {
        card.text(getString(R.string.sync_reason, now.reason()));
      }
      card.soft(getText(R.string.sync_explain));
    }
    for (DeadLetter letter : shown.refused()) {
      Cards card = cards.card();
      card.strong(shown.titles().getOrDefault(letter.document(), letter.document()));
      card.text(getString(R.string.sync_reason, letter.reason()));
      card.action(R.id.retry, R.string.letter_retry, () -> app().sync(s -> s.retry(letter)));
      String kept = getString(R.string.letter_kept);
      card.quiet(R.id.keep, R.string.letter_keep, () -> keep(letter, kept));
    }
    shown
        .conflicts()
        .forEach(
            (id, title) -> {
              Cards card = cards.card();
              card.strong(title);
              card.action(
                  R.id.conflict,
                  R.string.conflict_open,
                  () -> startActivity(about(ConflictActivity.class, id)));
            });
    cards.quiet(
        R.id.menu_settings,
        R.string.settings,
        () -> startActivity(new Intent(this, SettingsActivity.class)));
  }

  private void keep(DeadLetter letter, String why) {
    app()
        .sync(
            (Syncing syncing) -> {
              syncing.keepHere(letter, why);
              runOnUiThread(this::reload);
            });
  }
}
