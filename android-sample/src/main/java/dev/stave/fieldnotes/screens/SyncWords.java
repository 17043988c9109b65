package dev.stave.fieldnotes.screens;

import android.content.res.Resources;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.sync.SyncStatus;

/**
 * A status in plain words, what needs somebody first.
 *
 * @param color a resource
 */
record SyncWords(String text, int color) {

  static SyncWords of(Resources words, SyncStatus status) {
    StringBuilder text = new StringBuilder(state(words, status));
    add(text, words, R.plurals.sync_letters, status.refused());
    add(text, words, R.plurals.sync_departed, status.departed());
    add(text, words, R.plurals.sync_to_settle, status.toSettle());
    return new SyncWords(text.toString(), color(status));
  }

  private static void add(StringBuilder text, Resources words, int plural, int count) {
    if (count > 0) {
      text.append(". ").append(words.getQuantityString(plural, count, count));
    }
  }

  private static int color(SyncStatus status) {
    if (status.refused() > 0
        || status.state() == SyncStatus.State.REFUSED
        || status.state() == SyncStatus.State.PASSWORD_LOST
        || status.state() == SyncStatus.State.STOPPED
        || status.state() == SyncStatus.State.UNREADABLE) {
      return R.color.urgent;
    }
    if (status.toSettle() + status.departed() > 0) {
      return R.color.watch;
    }
    switch (status.state()) {
      case IN_STEP:
        return R.color.good;
      case WAITING:
      case SYNCING:
        return R.color.watch;
      default:
        return R.color.open;
    }
  }

  private static String state(Resources words, SyncStatus status) {
    int waiting = status.waiting();
    switch (status.state()) {
      case ALONE:
        return words.getString(R.string.sync_alone);
      case OFFLINE:
        return waiting == 0
            ? words.getString(R.string.sync_offline_none)
            : words.getQuantityString(R.plurals.sync_offline, waiting, waiting);
      case SYNCING:
        if (status.left() > 0) {
          return words.getString(R.string.sync_syncing_left, status.done(), status.left());
        }
        return status.done() == 0
            ? words.getString(R.string.sync_syncing)
            : words.getQuantityString(
                R.plurals.sync_syncing_done, (int) status.done(), (int) status.done());
      case WAITING:
        return waiting == 0
            ? words.getString(R.string.sync_waiting_none)
            : words.getQuantityString(R.plurals.sync_waiting, waiting, waiting);
      case REFUSED:
        return words.getString(R.string.sync_refused);
      case PASSWORD_LOST:
        return words.getString(R.string.sync_password_lost);
      case STOPPED:
        return words.getString(R.string.sync_stopped);
      case UNREADABLE:
        return words.getString(R.string.sync_unreadable);
      default:
        boolean isAll = status.refused() + status.departed() + status.outside() == 0;
        return words.getString(isAll ? R.string.sync_in_step : R.string.sync_in_step_else);
    }
  }
}
