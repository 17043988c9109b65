package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.widget.LinearLayout;
import android.widget.TextView;
import dev.stave.document.Document;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.Undo;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.Deleted;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.data.Visit;
import dev.stave.fieldnotes.screens.Rows.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One site: what is known of it, and the visits to it. */
public final class SiteActivity extends NotesActivity {

  private static final String DELETE = "delete";

  private Rows rows;

  private record Shown(Optional<Site> site, List<Visit> visits, Set<String> conflicts) {}

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_cards, R.string.site, false);
    rows = Rows.of(this);
  }

  @Override
  void reload() {
    String id = id();
    app()
        .ask(
            this,
            notes ->
                new Shown(
                    notes.document(id).map(Site::of), notes.visitsTo(id), notes.conflicts().ids()),
            this::show);
  }

  private void show(Shown shown) {
    if (!shown.site().isPresent()) {
      finish(); // it was deleted, or has left what is shared
      return;
    }
    Site site = shown.site().get();
    toolbar().setTitle(site.name());
    List<Row> all = new ArrayList<>();
    if (shown.conflicts().contains(id())) {
      all.add(new Row("conflict", true, cards -> banner(cards, id())));
    }
    all.add(new Row("facts", site, cards -> facts(cards, site)));
    all.add(new Row("actions", site.region(), cards -> actions(cards, site)));
    all.add(new Row("visits", true, cards -> cards.heading(R.string.visits)));
    if (shown.visits().isEmpty()) {
      all.add(new Row("no visits", true, cards -> cards.text(getText(R.string.no_visits))));
    }
    for (Visit visit : shown.visits()) {
      Document document = visit.document();
      if (document != null) {
        boolean isToSettle = shown.conflicts().contains(document.id());
        all.add(
            new Row(
                document.id(),
                List.of(visit, isToSettle),
                cards -> visit(cards, visit, document, isToSettle)));
      }
    }
    int visits = shown.visits().size();
    all.add(
        new Row(
            "delete",
            visits,
            cards -> cards.quiet(R.id.delete, R.string.delete_site, () -> askToDelete(visits))));
    rows.show(all);
  }

  private void facts(Cards cards, Site site) {
    Cards facts = cards.card();
    TextView pill = facts.soft("");
    pill.setBackgroundResource(R.drawable.pill);
    Words.show(pill, Condition.of(site.condition()));
    pad(pill);
    facts.fact(R.string.kind, site.kind());
    facts.fact(R.string.place, site.place());
    facts.fact(R.string.region, site.region());
    facts.fact(R.string.contact, site.contact());
    facts.fact(R.string.notes, site.notes());
  }

  private void actions(Cards cards, Site site) {
    cards.action(
        R.id.new_visit,
        R.string.new_visit,
        () -> startActivity(VisitActivity.to(this, id(), site)));
    cards.quiet(R.id.edit, R.string.edit, () -> startActivity(about(EditSiteActivity.class, id())));
    cards.quiet(
        R.id.history, R.string.history, () -> startActivity(about(HistoryActivity.class, id())));
  }

  private void askToDelete(int visits) {
    CharSequence question =
        visits == 0
            ? getText(R.string.delete_site_sure)
            : getResources().getQuantityString(R.plurals.delete_site_sure, visits, visits);
    Question.confirm(this, DELETE, question, R.string.delete_site);
  }

  @Override
  void answered(String what, boolean isYes) {
    if (what.equals(DELETE) && isYes) {
      String id = id();
      app().ask(this, notes -> notes.delete(id), this::deleted);
    }
  }

  private void deleted(Deleted deleted) {
    app().offer(new Undo(R.string.deleted_site, notes -> notes.undelete(deleted)));
    finish();
  }

  private void pad(TextView pill) {
    float dp = getResources().getDisplayMetrics().density;
    pill.setPadding((int) (10 * dp), (int) (3 * dp), (int) (10 * dp), (int) (3 * dp));
    LinearLayout.LayoutParams place = (LinearLayout.LayoutParams) pill.getLayoutParams();
    place.width = LinearLayout.LayoutParams.WRAP_CONTENT;
    place.bottomMargin = (int) (12 * dp);
    pill.setLayoutParams(place);
  }

  private void banner(Cards cards, String id) {
    Cards banner = cards.card();
    banner.view().setBackgroundResource(R.drawable.banner);
    banner.strong(getText(R.string.conflict_banner)).setTextColor(getColor(R.color.watch));
    banner.action(
        R.id.conflict,
        R.string.conflict_open,
        () -> startActivity(about(ConflictActivity.class, id)));
  }

  private void visit(Cards cards, Visit visit, Document document, boolean isToSettle) {
    Cards card = cards.card();
    card.view().setBackgroundResource(R.drawable.card_touch);
    String day = Dates.words(getResources(), visit.date());
    card.strong(getString(R.string.history_by, day, visit.inspector()));
    card.text(visit.finding());
    long done =
        visit.checks().stream()
            .filter(check -> Condition.of(check.state()) != Condition.OPEN)
            .count();
    card.soft(
        getString(
            R.string.checks_done, done, visit.checks().size(), document.attachments().size()));
    card.view()
        .setOnClickListener(view -> startActivity(about(VisitActivity.class, document.id())));
    if (isToSettle) {
      banner(cards, document.id());
    }
  }
}
