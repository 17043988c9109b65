package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.job.JobParameters;
import com.sun.net.httpserver.HttpServer;
import dev.stave.database.Database;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.screens.SitesActivity;
import dev.stave.fieldnotes.screens.SyncActivity;
import dev.stave.server.databases.DatabaseName;
import dev.stave.server.databases.Databases;
import dev.stave.server.exchange.HttpLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;
import org.robolectric.shadow.api.Shadow;

/** Sharing that ended, since trying again would not help, and then might. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, qualifiers = "w400dp-h800dp-xhdpi")
@GraphicsMode(GraphicsMode.Mode.NATIVE)
public class FailedSyncTest {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final Phone phone = new Phone();
  private HttpServer gate;
  private dev.stave.server.http.HttpServer server;

  @After
  public void close() throws Exception {
    phone.close();
    if (gate != null) {
      gate.stop(0);
    }
    if (server != null) {
      server.close();
    }
  }

  /** Something that answers each request by {@code status}, and is no Stave. */
  private String gate(int status) throws IOException {
    gate = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    gate.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    gate.start();
    return "http://127.0.0.1:" + gate.getAddress().getPort() + "/notes";
  }

  /** The server itself, at the same address. */
  private Database office() throws IOException {
    int port = gate.getAddress().getPort();
    gate.stop(0);
    Databases databases = Databases.open(folder.newFolder().toPath());
    server =
        dev.stave.server.http.HttpServer.start(databases, "127.0.0.1", port, HttpLimits.DEFAULT);
    return databases.create(new DatabaseName("notes")).orElseThrow();
  }

  @Test
  public void login_refusedAndThenNot_isTriedWhenAScreenIsOpened() throws Exception {
    phone.use("Ada", gate(401));
    phone.ask(SampleNotes::addTo);
    Activity sites = phone.open(SitesActivity.class, (String) null).get();
    phone.awaitText(sites, "The server does not let us in. Check the settings");
    Database office = office();

    phone.open(SyncActivity.class, (String) null);

    phone.awaitText(sites, "Everything is shared");
    assertThat(office.count()).isEqualTo(5);
  }

  @Test
  public void otherFailure_andThenNone_isSaidInOtherWordsAndTriedByTheNextJob() throws Exception {
    phone.use("Ada", gate(400));
    phone.ask(SampleNotes::addTo);
    SyncJob first = job();
    phone.await("the job is over", () -> shadowOf(first).getIsJobFinished());
    assertThat(shadowOf(first).getIsRescheduleNeeded()).isTrue();
    Activity sites = phone.open(SitesActivity.class, (String) null).get();
    phone.awaitText(sites, "Sharing has stopped. It is tried again when you come back");
    Database office = office();

    SyncJob second = job();

    phone.await("the job is done", () -> shadowOf(second).getIsJobFinished());
    assertThat(shadowOf(second).getIsRescheduleNeeded()).isFalse();
    assertThat(office.count()).isEqualTo(5);
  }

  @Test
  public void server_thatDoesNotAnswerWhileItIsLeft_holdsUpNobodyWhoAsksTheNotes()
      throws Exception {
    try (ServerSocket mute =
        new ServerSocket(0, 9, InetAddress.getByName("127.0.0.1"))) { // takes, and says nothing
      phone.use("Ada", "http://127.0.0.1:" + mute.getLocalPort() + "/notes");
      phone.open(SitesActivity.class, (String) null);
      try (Socket asked = mute.accept()) {
        phone.use("Ada", "");

        phone.ask(SampleNotes::addTo);

        assertThat(isOpen(asked)).as("the end of the replica waits still").isTrue();
      }
    }
  }

  /** Whether the other side waits for an answer yet. */
  private static boolean isOpen(Socket asked) throws IOException {
    asked.setSoTimeout(10);
    try {
      int read = 0;
      while (read >= 0) {
        read = asked.getInputStream().read();
      }
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  private SyncJob job() {
    SyncJob job = phone.asApplication(() -> Robolectric.buildService(SyncJob.class).create().get());
    job.onStartJob(Shadow.newInstanceOf(JobParameters.class));
    return job;
  }
}
