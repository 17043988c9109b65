package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stave.database.WriteBatch;
import dev.stave.fieldnotes.data.Condition;
import dev.stave.fieldnotes.data.LiveSites;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.json.JsonObject;
import dev.stave.watch.Watch;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** Search and filters as live queries: each commit tells those that it concerns, and only those. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34)
public class LiveSitesTest {

  private final Phone phone = new Phone();

  @Before
  public void write() {
    phone.ask(SampleNotes::addTo);
  }

  @After
  public void close() throws Exception {
    phone.close();
  }

  private static List<String> names(List<Site> sites) {
    return sites.stream().map(Site::name).collect(Collectors.toList());
  }

  private List<String> search(String words, Condition condition) {
    return phone.ask(
        notes -> {
          List<String> found = names(notes.sites(words, condition));
          try (LiveSites live = notes.watchSites(words, condition)) {
            assertThat(names(live.now())).isEqualTo(found);
          }
          return found;
        });
  }

  @Test
  public void search_byWords_findsThemAnywhereAndInAnyCase() {
    assertThat(search("", null)).hasSize(4);
    assertThat(search("  FERRY ", null)).containsExactly("Weir at Old Ferry");
    assertThat(search("mast ridge", null)).containsExactly("Tower 14"); // kind and place
    assertThat(search("km 3.2", null)).containsExactly("Mill Lane bridge");
    assertThat(search("km 3x2", null)).isEmpty();
    assertThat(search(".*", null)).isEmpty(); // what is typed is no expression
    assertThat(search("\\E(", null)).isEmpty();
    assertThat(search("o", Condition.GOOD))
        .containsExactly("Quarry pump house", "Weir at Old Ferry");
  }

  @Test
  public void search_ofManyWords_isAnswered() {
    assertThat(search("a b c d e f g h i j k l m n o p q r s t u v w x y z", null)).isEmpty();
    assertThat(search("x".repeat(5_000), null)).isEmpty();
    assertThat(search("\\E".repeat(50) + "(".repeat(5_000), null)).isEmpty();
  }

  @Test
  public void live_followsWhatFitsAndIsNotToldOfTheRest() {
    phone.ask(
        notes -> {
          AtomicInteger told = new AtomicInteger();
          try (LiveSites live = notes.watchSites("", Condition.GOOD)) {
            assertThat(names(live.now())).hasSize(2);
            live.whenChanged(told::incrementAndGet);
            notes.add(new Site(null, "Mine", "", "", "", "", "urgent", ""));
            assertThat(told).hasValue(0);
            String id = notes.add(new Site(null, "Adit 3", "", "", "", "", "good", ""));
            assertThat(told).hasValue(1);
            assertThat(names(live.now())).contains("Adit 3").hasSize(3);

            Site adit = Site.of(notes.document(id).orElseThrow());
            notes.save(new Site(adit.document(), "Adit 3", "", "", "", "", "watch", ""));
            assertThat(names(live.now())).doesNotContain("Adit 3");
          }
          return true;
        });
  }

  @Test
  public void live_whenMoreCameThanIsKeptForIt_readsThemAgain() {
    phone.ask(
        notes -> {
          try (LiveSites live = notes.watchSites("adit", null)) {
            WriteBatch many = new WriteBatch();
            for (int i = 0; i <= Watch.MAX_EVENTS; i++) {
              many.put(
                  "site-" + i, JsonObject.parse("{\"type\":\"site\",\"name\":\"Adit " + i + "\"}"));
            }
            notes.database().write(many);
            assertThat(live.now()).hasSize(Watch.MAX_EVENTS + 1);
          }
          return true;
        });
  }
}
