package dev.stave.fieldnotes;

import android.content.Context;
import android.widget.Toast;

/** Says what went wrong, in words. */
final class Problems {

  private Problems() {}

  static void show(Context context, RuntimeException problem) {
    int words =
        problem instanceof dev.stave.database.StaleRevisionException
            ? R.string.problem_changed
            : R.string.problem;
    Toast.makeText(context, words, Toast.LENGTH_LONG).show();
  }
}
