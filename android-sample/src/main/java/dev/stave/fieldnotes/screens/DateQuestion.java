package dev.stave.fieldnotes.screens;

import android.app.DatePickerDialog;
import android.app.Dialog;
import android.app.DialogFragment;
import android.os.Bundle;
import android.widget.DatePicker;
import java.time.LocalDate;

/** Asks a visit's screen for a day, by the platform's calendar; as {@link Question} asks. */
@SuppressWarnings("deprecation") // the platform's own; what came after it is another library
public final class DateQuestion extends DialogFragment
    implements DatePickerDialog.OnDateSetListener {

  private static final String TAG = "date";
  private static final String DAY = "day";

  /** Asks, and shows {@code day} first. {@link VisitActivity#picked} is told the answer. */
  static void ask(VisitActivity screen, LocalDate day) {
    Bundle about = new Bundle();
    about.putLong(DAY, day.toEpochDay());
    DateQuestion question = new DateQuestion();
    question.setArguments(about);
    Question.show(screen, question, TAG);
  }

  @Override
  public Dialog onCreateDialog(Bundle state) {
    LocalDate day = LocalDate.ofEpochDay(getArguments().getLong(DAY));
    return new DatePickerDialog(
        getActivity(), this, day.getYear(), day.getMonthValue() - 1, day.getDayOfMonth());
  }

  @Override
  public void onDateSet(DatePicker calendar, int year, int month, int day) {
    ((VisitActivity) getActivity()).picked(LocalDate.of(year, month + 1, day));
  }
}
