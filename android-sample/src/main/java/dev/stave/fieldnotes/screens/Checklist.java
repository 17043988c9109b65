package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.view.View;
import android.widget.RadioGroup;
import dev.stave.fieldnotes.data.Check;
import dev.stave.fieldnotes.data.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The lines of a checklist on a card, and what was chosen for each. */
final class Checklist {

  private static final String STATES = "states";
  private static final String TEXTS = "texts";
  private static final String IDS = "ids";

  private final Cards card;
  private List<Check> checks = new ArrayList<>();

  Checklist(Cards card) {
    this.card = card;
  }

  List<Check> checks() {
    return checks;
  }

  void show(List<Check> all) {
    checks = new ArrayList<>(all);
    card.view().removeAllViews();
    card.view().setVisibility(checks.isEmpty() ? View.GONE : View.VISIBLE);
    for (int i = 0; i < checks.size(); i++) {
      show(i);
    }
  }

  private void show(int line) {
    Check check = checks.get(line);
    card.strong(check.text());
    RadioGroup group = card.conditions(View.generateViewId(), Condition.of(check.state()));
    group.setContentDescription(check.text());
    group.setSaveFromParentEnabled(false);
    group.setOnCheckedChangeListener(
        (changed, id) ->
            checks.set(line, checks.get(line).withState(Cards.checked(changed).code())));
  }

  void add(String text) {
    checks.add(new Check(UUID.randomUUID().toString(), text, Condition.OPEN.code()));
    show(checks);
  }

  void save(Bundle state) {
    ArrayList<String> ids = new ArrayList<>();
    ArrayList<String> texts = new ArrayList<>();
    ArrayList<String> states = new ArrayList<>();
    for (Check each : checks) {
      ids.add(each.id());
      texts.add(each.text());
      states.add(each.state());
    }
    state.putStringArrayList(IDS, ids);
    state.putStringArrayList(TEXTS, texts);
    state.putStringArrayList(STATES, states);
  }

  void restore(Bundle state) {
    List<Check> kept = new ArrayList<>();
    List<String> ids = state.getStringArrayList(IDS);
    List<String> texts = state.getStringArrayList(TEXTS);
    List<String> states = state.getStringArrayList(STATES);
    if (ids != null && texts != null && states != null) {
      for (int i = 0; i < ids.size(); i++) {
        kept.add(new Check(ids.get(i), texts.get(i), states.get(i)));
      }
    }
    show(kept);
  }
}
