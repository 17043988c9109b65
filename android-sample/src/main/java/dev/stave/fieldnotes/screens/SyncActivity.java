package dev.stave.fieldnotes.screens;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.widget.TextView;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.sync.SyncStatus;
import dev.stave.fieldnotes.sync.Troubles;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.Departure;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How far the notes are on their way, and what somebody has to do about it. */
public final class SyncActivity extends NotesActivity {

  private static final String GIVE_UP = "give up ";

  private @Nullable SyncStatus status;

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
        .ask(
            this,
            (notes, syncing) -> Waiting.of(notes, syncing.troubles(), getResources()),
            this::show);
  }

  private void show(Waiting waiting) {
    Cards cards = Cards.of(this);
    if (status != null) {
      show(cards.card(), status);
    }
    if (!waiting.refused().isEmpty()) {
      cards.heading(R.string.refused);
      waiting.refused().forEach(letter -> refused(cards.card(), waiting, letter));
    }
    if (!waiting.departed().isEmpty()) {
      cards.heading(R.string.departed);
      waiting.departed().forEach(departure -> departed(cards.card(), waiting, departure));
    }
    if (!waiting.refusedHere().isEmpty()) {
      cards.heading(R.string.refused_here);
      waiting.refusedHere().forEach(letter -> refusedHere(cards.card(), waiting, letter));
    }
    if (!waiting.conflicted().isEmpty()) {
      cards.heading(R.string.to_settle);
      waiting.conflicted().forEach(id -> conflict(cards.card(), waiting, id));
    }
    if (!waiting.stray().isEmpty()) {
      cards.heading(R.string.stray);
      waiting.stray().forEach(visit -> stray(cards.card(), visit));
    }
    if (!waiting.kept().isEmpty()) {
      cards.heading(R.string.kept);
      waiting.kept().forEach(letter -> kept(cards.card(), waiting, letter));
    }
    cards.quiet(
        R.id.menu_settings,
        R.string.settings,
        () -> startActivity(new Intent(this, SettingsActivity.class)));
  }

  private void show(Cards card, SyncStatus now) {
    card.space(card.title(SyncWords.of(getResources(), now).text()));
    if (now.reason() != null) {
      card.space(card.text(getString(R.string.sync_details, now.reason())));
    }
    if (now.outside() > 0) {
      int outside = now.outside();
      card.space(
          card.text(getResources().getQuantityString(R.plurals.sync_outside, outside, outside)));
    }
    card.soft(getText(R.string.sync_explain));
  }

  private TextView title(Cards card, Waiting waiting, String id) {
    return card.strong(waiting.title(id).orElseGet(() -> getString(R.string.note_not_here)));
  }

  private void refused(Cards card, Waiting waiting, DeadLetter letter) {
    title(card, waiting, letter.document());
    card.space(card.text(getString(R.string.sync_reason, Words.reason(letter.reason()))));
    if (letter.state() == DeadLetter.State.TO_BE_SENT) {
      card.soft(getText(R.string.letter_on_its_way));
      return;
    }
    if (waiting.title(letter.document()).isPresent()) {
      card.action(R.id.edit, R.string.letter_edit, () -> edit(letter.document()));
    }
    card.quiet(R.id.retry, R.string.letter_retry, () -> act(troubles -> troubles.retry(letter)));
    String kept = getString(R.string.letter_kept);
    card.quiet(
        R.id.keep, R.string.letter_keep, () -> act(troubles -> troubles.keepHere(letter, kept)));
  }

  private void edit(String id) {
    Class<? extends Activity> screen =
        id.startsWith(Visit.TYPE) ? VisitActivity.class : EditSiteActivity.class;
    startActivity(about(screen, id));
  }

  private void departed(Cards card, Waiting waiting, Departure departure) {
    title(card, waiting, departure.document());
    card.space(card.text(getText(R.string.departed_explain)));
    if (departure.state() == Departure.State.TO_BE_SENT) {
      card.soft(getText(R.string.letter_on_its_way));
      return;
    }
    card.action(R.id.send, R.string.departed_send, () -> act(all -> all.send(departure)));
    card.quiet(
        R.id.give_up,
        R.string.departed_give_up,
        () ->
            Question.confirm(
                this,
                question(departure),
                getText(R.string.departed_give_up_sure),
                R.string.departed_give_up));
  }

  @Override
  void answered(String what, boolean isYes) {
    if (what.startsWith(GIVE_UP) && isYes) {
      String why = getString(R.string.departed_why);
      act(
          troubles ->
              troubles.departed().stream()
                  .filter(each -> question(each).equals(what))
                  .forEach(departure -> troubles.giveUp(departure, why)));
    }
  }

  /** About what was to be read when it was asked: nobody gives up what came to it since. */
  private static String question(Departure departure) {
    return GIVE_UP + departure.document() + departure.leaves();
  }

  private void refusedHere(Cards card, Waiting waiting, DeadLetter letter) {
    title(card, waiting, letter.document());
    card.space(card.text(getString(R.string.refused_here_reason, Words.reason(letter.reason()))));
    card.quiet(R.id.retry, R.string.fetch_again, () -> act(troubles -> troubles.retry(letter)));
  }

  private void conflict(Cards card, Waiting waiting, String id) {
    card.space(title(card, waiting, id));
    card.action(
        R.id.conflict,
        R.string.conflict_open,
        () -> startActivity(about(ConflictActivity.class, id)));
  }

  private void stray(Cards card, Visit visit) {
    String day = Dates.words(getResources(), visit.date());
    card.strong(getString(R.string.history_by, day, visit.inspector()));
    card.space(card.text(visit.finding()));
    card.action(R.id.restore, R.string.stray_bring_back, () -> bringBack(visit.site()));
    Document document = visit.document();
    if (document != null) {
      card.quiet(R.id.edit, R.string.stray_open, () -> edit(document.id()));
    }
  }

  private void bringBack(String site) {
    app()
        .ask(
            this,
            notes -> {
              notes.bringBack(site);
              return true;
            },
            done -> reload());
  }

  private void kept(Cards card, Waiting waiting, DeadLetter letter) {
    title(card, waiting, letter.document());
    card.space(card.text(getString(R.string.sync_reason, Words.reason(letter.reason()))));
    card.quiet(R.id.retry, R.string.letter_retry, () -> act(troubles -> troubles.retry(letter)));
  }

  private void act(Consumer<Troubles> work) {
    app()
        .ask(
            this,
            (notes, syncing) -> {
              work.accept(syncing.troubles());
              return true;
            },
            done -> reload());
  }
}
