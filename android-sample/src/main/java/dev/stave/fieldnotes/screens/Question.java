package dev.stave.fieldnotes.screens;

import android.app.Activity;
import android.app.AlertDialog;
import android.app.Dialog;
import android.app.DialogFragment;
import android.app.FragmentManager;
import android.content.DialogInterface;
import android.os.Bundle;
import dev.stave.fieldnotes.R;

/**
 * A question that a screen asks, and that is still asked when the device was turned or the process
 * has ended: all of it is in its arguments. The screen that is there when it is answered is told,
 * by {@link NotesActivity#answered}.
 */
@SuppressWarnings("deprecation") // the platform's own; what came after it is another library
public final class Question extends DialogFragment {

  private static final String TAG = "question";
  private static final String WHAT = "what";
  private static final String TEXT = "text";
  private static final String YES = "yes";
  private static final String NO = "no";
  private static final String BACK = "back";

  /** Asks whether {@code what} is meant. */
  static void confirm(NotesActivity screen, String what, CharSequence text, int yes) {
    Bundle about = about(screen, what, text, yes);
    about.putCharSequence(BACK, screen.getText(R.string.cancel));
    ask(screen, about);
  }

  /** Asks whether {@code what} is to be done or left, or neither: then all stays as it is. */
  static void choose(
      NotesActivity screen, String what, CharSequence text, int yes, int no, int back) {
    Bundle about = about(screen, what, text, yes);
    about.putCharSequence(NO, screen.getText(no));
    about.putCharSequence(BACK, screen.getText(back));
    ask(screen, about);
  }

  private static Bundle about(NotesActivity screen, String what, CharSequence text, int yes) {
    Bundle about = new Bundle();
    about.putString(WHAT, what);
    about.putCharSequence(TEXT, text);
    about.putCharSequence(YES, screen.getText(yes));
    return about;
  }

  private static void ask(NotesActivity screen, Bundle about) {
    Question question = new Question();
    question.setArguments(about);
    show(screen, question, TAG);
  }

  /** Shows {@code dialog}, unless it is shown already, or the screen is on its way out. */
  static void show(Activity screen, DialogFragment dialog, String tag) {
    FragmentManager shown = screen.getFragmentManager();
    if (!shown.isStateSaved()) {
      shown.executePendingTransactions();
      if (shown.findFragmentByTag(tag) == null) {
        dialog.show(shown, tag);
        shown.executePendingTransactions();
      }
    }
  }

  @Override
  public Dialog onCreateDialog(Bundle state) {
    Bundle about = getArguments();
    AlertDialog.Builder dialog =
        new AlertDialog.Builder(getActivity())
            .setMessage(about.getCharSequence(TEXT))
            .setPositiveButton(about.getCharSequence(YES), (asked, button) -> tell(true));
    DialogInterface.OnClickListener nothing = (asked, button) -> {};
    if (about.containsKey(NO)) {
      return dialog
          .setNegativeButton(about.getCharSequence(NO), (asked, button) -> tell(false))
          .setNeutralButton(about.getCharSequence(BACK), nothing)
          .create();
    }
    return dialog.setNegativeButton(about.getCharSequence(BACK), nothing).create();
  }

  private void tell(boolean isYes) {
    ((NotesActivity) getActivity()).answered(getArguments().getString(WHAT, ""), isYes);
  }
}
