package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.widget.Button;
import android.widget.RadioButton;
import android.widget.RadioGroup;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.screens.Rows.Row;
import dev.stave.json.JsonPointer;
import dev.stave.merge.Clash;
import dev.stave.merge.FieldDiff;
import dev.stave.merge.Resolution;
import dev.stave.review.Preview;
import dev.stave.revision.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where two people changed one note: what fits is put together already; for the rest somebody
 * chooses, sees what comes of it, keeps it, and may undo that.
 */
public final class ConflictActivity extends NotesActivity {

  private static final String CHOICES = "choices";
  private static final String SIDES = "sides";
  private static final String IS_DONE = "done";

  /** The base, among the sides. */
  private static final int BEFORE = -1;

  private record Found(String me, Optional<Preview> conflict) {}

  /** A side by the place of its clash. They are of one state of the conflict, {@link #sides}. */
  private final Map<String, Integer> choices = new HashMap<>();

  private Rows rows;
  private String sides = "";
  private String me = "";
  private boolean isDone;

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_cards, R.string.conflict, false);
    rows = Rows.of(this);
    if (state != null) {
      sides = state.getString(SIDES, "");
      isDone = state.getBoolean(IS_DONE);
      Bundle kept = state.getBundle(CHOICES);
      if (kept != null) {
        kept.keySet().forEach(path -> choices.put(path, kept.getInt(path)));
      }
    }
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    Bundle kept = new Bundle();
    choices.forEach(kept::putInt);
    state.putBundle(CHOICES, kept);
    state.putString(SIDES, sides);
    state.putBoolean(IS_DONE, isDone);
  }

  @Override
  void reload() {
    String id = id();
    app()
        .ask(
            this,
            notes -> new Found(notes.me(), notes.conflicts().of(id)),
            found -> {
              me = found.me();
              show(found.conflict());
            });
  }

  private void show(Optional<Preview> found) {
    if (!found.isPresent()) {
      showNothing();
      return;
    }
    Preview preview = found.get();
    String current = preview.request().sides().toString();
    if (!current.equals(sides)) {
      choices.clear(); // somebody wrote meanwhile
      sides = current;
    }
    isDone = false;
    List<String> names = names(preview);
    Object seen = List.of(preview, names);
    List<Row> all = new ArrayList<>();
    all.add(new Row("intro", seen, cards -> intro(cards, preview, names)));
    for (Clash clash : preview.result().clashes()) {
      String path = clash.path().toString();
      all.add(new Row(path, seen, cards -> show(cards.card(), preview, clash, names)));
    }
    all.add(new Row("done", seen, cards -> showDone(cards, preview, names)));
    Map<String, Integer> chosen = Map.copyOf(choices);
    all.add(new Row("preview", List.of(seen, chosen), cards -> showPreview(cards, preview)));
    rows.show(all);
  }

  private void intro(Cards cards, Preview preview, List<String> names) {
    cards.text(getString(R.string.conflict_intro, names.get(0), names.get(names.size() - 1)));
    if (!preview.result().clashes().isEmpty()) {
      cards.heading(R.string.your_choice);
    }
  }

  /** Who made each side, as this user calls them. */
  private List<String> names(Preview preview) {
    List<String> names = new ArrayList<>();
    for (Preview.Branch side : preview.sides()) {
      String author = side.told().map(Provenance::author).orElse(getString(R.string.someone));
      names.add(author.equals(me) ? getString(R.string.yours) : author);
    }
    return names;
  }

  private void show(Cards card, Preview preview, Clash clash, List<String> names) {
    JsonNode body = preview.result().value();
    String path = clash.path().toString();
    card.strong(Words.label(getResources(), clash.path(), body));
    RadioGroup group = card.choices();
    group.setContentDescription(getText(R.string.choose));
    for (int i = 0; i < clash.sides().size(); i++) {
      choice(group, path, i, names.get(i), clash, clash.sides().get(i), preview);
    }
    if (preview.isBaseKept()) {
      choice(group, path, BEFORE, getString(R.string.before), clash, clash.base(), preview);
    }
  }

  private void choice(
      RadioGroup group,
      String path,
      int side,
      String who,
      Clash clash,
      JsonNode value,
      Preview preview) {
    String words = Words.value(getResources(), clash.path(), value);
    RadioButton choice = Cards.choice(group, getString(R.string.history_changed, who, words));
    choice.setTag(side);
    Integer chosen = choices.get(path);
    choice.setChecked(chosen != null && chosen == side);
    choice.setOnClickListener(
        view -> {
          choices.put(path, side);
          show(Optional.of(preview));
        });
  }

  private void showDone(Cards cards, Preview preview, List<String> names) {
    List<JsonPointer> clashing =
        preview.result().clashes().stream().map(Clash::path).collect(Collectors.toList());
    Cards done = null;
    for (int i = 0; i < preview.sides().size(); i++) {
      Preview.Branch side = preview.sides().get(i);
      for (FieldDiff.Change each : side.diff().changes()) {
        if (clashing.contains(each.path())) {
          continue;
        }
        if (done == null) {
          cards.heading(R.string.done_by_itself);
          done = cards.card();
        }
        done.soft(Words.label(getResources(), each.path(), side.value()));
        done.text(Words.value(getResources(), each.path(), each.after()));
        boolean isMine = names.get(i).equals(getString(R.string.yours));
        done.space(
            done.soft(isMine ? getText(R.string.by_you) : getString(R.string.by, names.get(i))));
      }
    }
  }

  private Map<JsonPointer, Resolution> resolutions(Preview preview) {
    Map<JsonPointer, Resolution> chosen = new HashMap<>();
    for (Clash clash : preview.result().clashes()) {
      Integer side = choices.get(clash.path().toString());
      if (side != null) {
        chosen.put(
            clash.path(), side == BEFORE ? new Resolution.TakeBase() : new Resolution.Take(side));
      }
    }
    return chosen;
  }

  private void showPreview(Cards cards, Preview preview) {
    cards.heading(R.string.preview);
    Cards card = cards.card();
    Button merge = cards.action(R.id.merge, R.string.merge, () -> merge(preview));
    Map<JsonPointer, Resolution> chosen = resolutions(preview);
    boolean isReady = chosen.size() == preview.result().clashes().size();
    merge.setEnabled(isReady);
    merge.setAlpha(isReady ? 1f : 0.6f);
    if (!isReady) {
      card.text(getText(R.string.merge_missing));
      return;
    }
    JsonNode value = preview.result().resolve(chosen);
    value
        .fields()
        .forEachRemaining(
            member -> {
              JsonPointer path = new JsonPointer(List.of(member.getKey()));
              if (isShown(member.getKey())) {
                card.soft(Words.label(getResources(), path, value));
                card.text(Words.value(getResources(), path, member.getValue()));
              }
            });
  }

  private static boolean isShown(String member) {
    return !member.equals("type") && !member.equals("site");
  }

  private void merge(Preview preview) {
    Map<JsonPointer, Resolution> chosen = resolutions(preview);
    app()
        .ask(
            this,
            notes -> {
              notes.conflicts().settle(preview.request(), chosen);
              return true;
            },
            settled -> {
              isDone = true;
              reload();
            });
  }

  private void showNothing() {
    boolean isSettledHere = isDone;
    rows.show(List.of(new Row("nothing", isSettledHere, cards -> nothing(cards, isSettledHere))));
  }

  private void nothing(Cards cards, boolean isSettledHere) {
    Cards card = cards.card();
    card.text(getText(isSettledHere ? R.string.merged : R.string.nothing_to_settle));
    if (isSettledHere) {
      card.quiet(R.id.undo, R.string.undo, this::undo);
    }
  }

  private void undo() {
    String id = id();
    app()
        .ask(
            this,
            notes -> {
              notes.conflicts().unsettle(id);
              return true;
            },
            undone -> reload());
  }
}
