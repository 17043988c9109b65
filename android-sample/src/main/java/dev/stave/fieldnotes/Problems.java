package dev.stave.fieldnotes;

import android.content.Context;
import android.widget.Toast;
import dev.stave.database.StaleRevisionException;
import dev.stave.validation.Problem;
import dev.stave.validation.RefusedDocumentException;
import java.util.stream.Collectors;

/** Says what went wrong, in words. */
final class Problems {

  private Problems() {}

  static void show(Context context, RuntimeException problem) {
    Toast.makeText(context, words(context, problem), Toast.LENGTH_LONG).show();
  }

  private static CharSequence words(Context context, RuntimeException problem) {
    if (problem
        instanceof RefusedDocumentException refused) { // by a rule that came from the server
      String why =
          refused.problems().stream().map(Problem::message).collect(Collectors.joining("; "));
      return context.getString(R.string.problem_rule, why);
    }
    return context.getText(
        problem instanceof StaleRevisionException ? R.string.problem_changed : R.string.problem);
  }
}
