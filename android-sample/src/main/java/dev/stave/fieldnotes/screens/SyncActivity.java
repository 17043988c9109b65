package dev.stave.fieldnotes.screens;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.widget.TextView;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.Rows.Row;
import dev.stave.fieldnotes.sync.SyncStatus;
import dev.stave.fieldnotes.sync.Troubles;
import dev.stave.sync.DeadLetter;
import dev.stave.sync.Departure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How far the notes are on their way, and what somebody has to do about it. */
public final class SyncActivity extends NotesActivity {

  private static final String GIVE_UP = "give up ";

  private Rows rows;
  private @Nullable SyncStatus status;

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_cards, R.string.sync, false);
    rows = Rows.of(this);
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
    List<Row> all = new ArrayList<>();
    SyncStatus now = status;
    if (now != null) {
      String text = SyncWords.of(getResources(), now).text();
      Object shown = Arrays.asList(text, now.reason(), now.outside());
      all.add(new Row("status", shown, cards -> show(cards.card(), now)));
    }
    Map<String, String> titles = waiting.titles();
    add(all, R.string.refused, waiting.refused(), titles, SyncActivity::key, this::refused);
    add(all, R.string.departed, waiting.departed(), titles, Departure::document, this::departed);
    add(
        all,
        R.string.refused_here,
        waiting.refusedHere(),
        titles,
        SyncActivity::key,
        this::refusedHere);
    add(all, R.string.to_settle, waiting.conflicted(), titles, id -> id, this::conflict);
    add(all, R.string.stray, waiting.stray(), titles, SyncActivity::key, this::stray);
    add(all, R.string.kept, waiting.kept(), titles, SyncActivity::key, this::kept);
    all.add(
        new Row(
            R.string.settings,
            true,
            cards ->
                cards.quiet(
                    R.id.menu_settings,
                    R.string.settings,
                    () -> startActivity(new Intent(this, SettingsActivity.class)))));
    rows.show(all);
  }

  /** Shows one of something on a card, by the titles of the notes. */
  private interface Shower<T> {
    void show(Cards card, Map<String, String> titles, T each);
  }

  /** A heading and a card for each; nothing if there is none. */
  private static <T> void add(
      List<Row> all,
      int heading,
      Collection<T> some,
      Map<String, String> titles,
      Function<T, String> key,
      Shower<T> shower) {
    if (!some.isEmpty()) {
      all.add(new Row(heading, true, cards -> cards.heading(heading)));
    }
    for (T each : some) {
      all.add(
          new Row(
              heading + key.apply(each),
              List.of(each, titles),
              cards -> shower.show(cards.card(), titles, each)));
    }
  }

  private static String key(DeadLetter letter) {
    return letter.document() + letter.revision();
  }

  private static String key(Visit visit) {
    Document document = visit.document();
    return document == null ? "" : document.id();
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

  private TextView title(Cards card, Map<String, String> titles, String id) {
    String title = titles.get(id);
    return card.strong(title == null ? getText(R.string.note_not_here) : title);
  }

  private void refused(Cards card, Map<String, String> titles, DeadLetter letter) {
    title(card, titles, letter.document());
    card.space(card.text(getString(R.string.sync_reason, Words.reason(letter.reason()))));
    if (letter.state() == DeadLetter.State.TO_BE_SENT) {
      card.soft(getText(R.string.letter_on_its_way));
      return;
    }
    if (titles.containsKey(letter.document())) {
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

  private void departed(Cards card, Map<String, String> titles, Departure departure) {
    title(card, titles, departure.document());
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

  private void refusedHere(Cards card, Map<String, String> titles, DeadLetter letter) {
    title(card, titles, letter.document());
    card.space(card.text(getString(R.string.refused_here_reason, Words.reason(letter.reason()))));
    card.quiet(R.id.retry, R.string.fetch_again, () -> act(troubles -> troubles.retry(letter)));
  }

  private void conflict(Cards card, Map<String, String> titles, String id) {
    card.space(title(card, titles, id));
    card.action(
        R.id.conflict,
        R.string.conflict_open,
        () -> startActivity(about(ConflictActivity.class, id)));
  }

  private void stray(Cards card, Map<String, String> titles, Visit visit) {
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

  private void kept(Cards card, Map<String, String> titles, DeadLetter letter) {
    title(card, titles, letter.document());
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
