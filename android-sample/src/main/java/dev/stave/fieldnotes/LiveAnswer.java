package dev.stave.fieldnotes;

import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.LiveSites;
import dev.stave.fieldnotes.data.Site;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A live query for a screen: begun and read on the thread of the notes, shown on the main thread,
 * until it is closed, on the main thread too.
 */
public final class LiveAnswer implements AutoCloseable {

  private final Background background;
  private final Supplier<FieldNotes> notes;
  private final Function<FieldNotes, LiveSites> question;
  private final Consumer<List<Site>> show;
  private volatile boolean isClosed;

  // Below: background thread only
  private @Nullable LiveSites sites;
  private @Nullable FieldNotes from;

  LiveAnswer(
      Background background,
      Supplier<FieldNotes> notes,
      Function<FieldNotes, LiveSites> question,
      Consumer<List<Site>> show) {
    this.background = background;
    this.notes = notes;
    this.question = question;
    this.show = show;
    background.run(this::begin);
  }

  private void begin() {
    if (!isClosed) {
      FieldNotes open = notes.get();
      LiveSites live = question.apply(open);
      from = open;
      sites = live;
      showNow(live);
    }
  }

  private void showNow(LiveSites live) {
    List<Site> now = live.now();
    background.onMainThread(
        () -> {
          if (!isClosed) {
            show.accept(now);
          }
        });
    live.whenChanged(() -> background.run(this::again));
  }

  private void again() {
    LiveSites live = sites;
    if (!isClosed && live != null && !isOver()) {
      showNow(live);
    }
  }

  /** Whether the notes were closed meanwhile, which ends every live query of theirs. */
  private boolean isOver() {
    return from == null || !from.isOpen();
  }

  @Override
  public void close() {
    isClosed = true;
    background.run(
        () -> {
          if (sites != null) {
            sites.close();
            sites = null;
          }
        });
  }
}
