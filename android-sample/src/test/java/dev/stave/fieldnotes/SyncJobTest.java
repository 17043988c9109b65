package dev.stave.fieldnotes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import dev.stave.fieldnotes.data.SampleNotes;
import dev.stave.fieldnotes.screens.SitesActivity;
import java.nio.file.Files;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.util.ReflectionHelpers;

/** What goes on while no screen is visible. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34)
public class SyncJobTest {

  @Rule public final Office office = new Office();

  private final Phone phone = new Phone();
  private final JobScheduler scheduler = phone.app().getSystemService(JobScheduler.class);

  @After
  public void close() throws Exception {
    phone.close();
  }

  private SyncJob job() {
    return phone.asApplication(() -> Robolectric.buildService(SyncJob.class).create().get());
  }

  private static JobParameters parameters(int id) {
    JobParameters parameters = Shadow.newInstanceOf(JobParameters.class);
    ReflectionHelpers.setField(parameters, "jobId", id);
    return parameters;
  }

  @Test
  public void schedule_withAServer_waitsForANetworkAndBacksOff() {
    phone.use("Ada", office.address());

    JobInfo soon = scheduler.getPendingJob(SyncJob.SOON);
    assertThat(soon.getNetworkType()).isEqualTo(JobInfo.NETWORK_TYPE_ANY);
    assertThat(soon.getBackoffPolicy()).isEqualTo(JobInfo.BACKOFF_POLICY_EXPONENTIAL);
    assertThat(soon.getInitialBackoffMillis()).isEqualTo(30_000);
    assertThat(soon.isPersisted()).isTrue();
    assertThat(soon.isPeriodic()).isFalse();
    JobInfo nowAndThen = scheduler.getPendingJob(SyncJob.NOW_AND_THEN);
    assertThat(nowAndThen.isPeriodic()).isTrue();
    assertThat(nowAndThen.getNetworkType()).isEqualTo(JobInfo.NETWORK_TYPE_ANY);
    phone.use("Ada", "");
    assertThat(scheduler.getAllPendingJobs()).isEmpty();
  }

  @Test
  public void job_withANetwork_exchangesAndIsDone() {
    phone.use("Ada", office.address());
    phone.ask(SampleNotes::addTo);
    SyncJob job = job();

    assertThat(job.onStartJob(parameters(SyncJob.SOON))).isTrue();
    phone.await("the job is done", () -> shadowOf(job).getIsJobFinished());

    assertThat(shadowOf(job).getIsRescheduleNeeded()).isFalse();
    assertThat(office.database().count()).isEqualTo(5);
    assertThat(phone.<Integer>ask(notes -> notes.unsent().first(9).size())).isZero();
  }

  @Test
  public void job_whenTheServerDoesNotAnswer_isToBeTriedAgain() {
    phone.use("Ada", "http://127.0.0.1:1/notes");
    phone.ask(SampleNotes::addTo);
    SyncJob job = job();

    job.onStartJob(parameters(SyncJob.SOON));
    phone.await("the job is over", () -> shadowOf(job).getIsJobFinished());

    assertThat(shadowOf(job).getIsRescheduleNeeded()).isTrue();
  }

  @Test
  public void job_whenTheSystemStopsIt_isToBeTriedAgainAndSaysNothingMore() {
    phone.use("Ada", office.address());
    phone.network(false);
    phone.ask(SampleNotes::addTo);
    SyncJob job = job();
    JobParameters parameters = parameters(SyncJob.SOON);
    job.onStartJob(parameters);

    assertThat(job.onStopJob(parameters)).isTrue();
    phone.network(true);
    phone.ask(notes -> true);
    phone.await("all that was posted", () -> true);

    assertThat(shadowOf(job).getIsJobFinished()).isFalse();
    assertThat(office.database().count()).isZero();
    assertThat(job.onStopJob(parameters)).isFalse();
  }

  @Test
  public void job_whenTheNotesCannotBeOpened_endsAndIsToBeTriedAgain() throws Exception {
    Files.writeString(phone.device().getNoBackupFilesDir().toPath().resolve("notes"), "no folder");
    SyncJob job = job();

    job.onStartJob(parameters(SyncJob.SOON));
    phone.await("the job is over", () -> shadowOf(job).getIsJobFinished());

    assertThat(shadowOf(job).getIsRescheduleNeeded()).isTrue();
    Activity sites = phone.open(SitesActivity.class, (String) null).get();
    phone.awaitText(sites, "The notes on this phone cannot be read");
  }

  @Test
  public void job_ofAnAppWithoutAServer_endsAtOnce() {
    SyncJob job = job();

    job.onStartJob(parameters(SyncJob.NOW_AND_THEN));
    phone.await("the job is done", () -> shadowOf(job).getIsJobFinished());

    assertThat(shadowOf(job).getIsRescheduleNeeded()).isFalse();
  }
}
