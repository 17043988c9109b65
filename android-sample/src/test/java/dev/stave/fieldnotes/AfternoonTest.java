package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;

import android.app.Activity;
import android.view.View;
import dev.stave.database.Database;
import dev.stave.database.WriteBatch;
import dev.stave.document.Document;
import dev.stave.fieldnotes.data.FieldNotes;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.data.Site;
import dev.stave.fieldnotes.screens.ConflictActivity;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.json.JsonObject;
import dev.stave.sync.Replica;
import java.net.URI;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** An afternoon of edits on two devices with a real server, the network off and on. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class AfternoonTest {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();
  @Rule public final Office office = new Office();

  private final Phone phone = new Phone();
  private Database other;
  private Replica others;

  @Before
  public void start() throws Exception {
    other = Database.open(folder.newFolder("other").toPath());
    others = Replica.of(other).with(URI.create(office.address())).start();
  }

  @After
  public void close() throws Exception {
    phone.close();
    others.close();
    other.close();
  }

  /** The other device writes, as Ben. */
  private void benWrites(String id, String name, String notes) {
    Document now = other.get(id).orElseThrow();
    JsonObject body = JsonObject.of(now.body().tree().put("name", name).put("notes", notes));
    other.write(new WriteBatch().author("Ben").put(id, now.revision(), body));
  }

  private String sharedSite(Activity sites) {
    phone.use("Ada", office.address());
    phone.ask(SampleNotes::addTo);
    phone.awaitSent();
    phone.awaitText(sites, "Everything is shared");
    String id = phone.ask(notes -> notes.sites("mill", null).get(0).document().id());
    phone.await("it is on the other device", () -> other.get(id).isPresent());
    return id;
  }

  @Test
  public void sync_offlineThenOnline_saysSoAndSends() {
    Activity sites = phone.open(SitesActivity.class, null).get();
    sharedSite(sites);

    phone.network(false);
    phone.awaitText(sites, "Offline, everything was sent");
    String adit =
        phone.ask(
            notes -> notes.add(new Site(null, "Adit 3", "Adit", "", "North", "", "good", "")));
    phone.awaitText(sites, "Offline, 1 change waits to be sent");
    phone.awaitText(sites, "Adit 3");
    assertThat(office.database().get(adit)).isEmpty();
    phone.network(true);
    phone.awaitText(sites, "Everything is shared");

    assertThat(office.database().get(adit)).isPresent();
    phone.await("it is on the other device", () -> other.get(adit).isPresent());
  }

  @Test
  public void conflict_settledOnTheScreen_isSettledOnTheOtherDevice() {
    Activity sites = phone.open(SitesActivity.class, null).get();
    String id = sharedSite(sites);
    phone.network(false);
    phone.awaitText(sites, "Offline");
    benWrites(id, "Mill bridge (Ben)", "Gate code 4711");
    phone.await(
        "Ben's edit is at the office",
        () -> office.database().get(id).orElseThrow().body().toString().contains("Ben"));
    phone.ask(notes -> notes.save(adas(notes, id)));
    phone.network(true);
    phone.awaitText(sites, "1 note needs your choice");

    Activity conflict = phone.open(ConflictActivity.class, id).get();
    phone.awaitText(conflict, "Already put together");
    phone.awaitText(conflict, "Before: Mill Lane bridge");
    View merge = conflict.findViewById(R.id.merge);
    assertThat(merge.isEnabled()).isFalse();
    phone.click(conflict, "Ben: Mill bridge (Ben)");
    phone.await("it may be kept", () -> conflict.findViewById(R.id.merge).isEnabled());
    conflict.findViewById(R.id.merge).performClick();
    phone.awaitText(conflict, "Done.");
    phone.awaitText(sites, "Everything is shared");

    phone.await("the other device has no conflict", () -> !other.tree(id).hasConflicts());
    String settled = other.get(id).orElseThrow().body().toString();
    assertThat(settled).contains("Mill bridge (Ben)", "Gate code 4711", "+44 1632 960001");

    phone.click(conflict, "Undo");
    phone.awaitText(conflict, "Your choice is needed");
  }

  private static Site adas(FieldNotes notes, String id) {
    Site site = Site.of(notes.document(id).orElseThrow());
    return Sites.with(site, "Mill Lane old bridge", "+44 1632 960001", site.notes());
  }

  @Test
  public void photo_added_isOnTheOtherDevice() {
    Activity sites = phone.open(SitesActivity.class, null).get();
    String id = sharedSite(sites);
    String visit = phone.ask(notes -> notes.visitsTo(id).get(0).document().id());

    phone.ask(notes -> ScreensTest.addPhoto(notes, visit));

    phone.await(
        "the photo is on the other device",
        () -> other.get(visit).filter(each -> each.attachments().size() == 1).isPresent());
  }

  @Test
  public void write_theServerRefuses_isShownWithItsReason() {
    office.refuseSecrets();
    Activity sites = phone.open(SitesActivity.class, null).get();
    sharedSite(sites);

    phone.ask(
        notes -> notes.add(new Site(null, "A secret mine", "Mine", "", "North", "", "good", "")));

    phone.awaitText(sites, "The server did not take 1 note");
    Activity sync = phone.open(SyncActivity.class, null).get();
    phone.awaitText(sync, "no secret places");
    phone.click(sync, "Keep it on this phone only");
    phone.awaitText(sites, "Everything is shared");
    phone.await(
        "no more about it",
        () -> !Phone.texts(sites.getWindow().getDecorView()).contains("did not take"));
  }
}
