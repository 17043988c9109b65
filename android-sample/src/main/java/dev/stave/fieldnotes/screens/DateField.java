package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.widget.Button;
import dev.stave.fieldnotes.R;
import java.time.LocalDate;

/**
 * The day of a visit on its screen: to be read as people write days, picked from a calendar, and
 * kept as the note has it. What is no day is shown and kept as it is, until another is picked.
 */
final class DateField {

  private static final String DATE = "date";

  private final Button button;
  private String stored = "";

  DateField(VisitActivity screen, Cards card) {
    button =
        card.picked(
            R.id.field_date,
            R.string.date,
            () -> DateQuestion.ask(screen, Dates.of(stored).orElseGet(LocalDate::now)));
    show("");
  }

  /** As the note has it. */
  String stored() {
    return stored;
  }

  void show(String date) {
    stored = date;
    button.setText(
        date.isEmpty()
            ? button.getResources().getText(R.string.date_missing)
            : Dates.words(button.getResources(), date));
  }

  void save(Bundle state) {
    state.putString(DATE, stored);
  }

  void restore(Bundle state) {
    show(state.getString(DATE, ""));
  }
}
