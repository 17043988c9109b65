package dev.stave.fieldnotes;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;
import dev.stave.fieldnotes.sync.SyncStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges notes while nobody looks: once soon after the app is left, and then now and then. The
 * system starts it when there is a network, and again, later each time, if the server did not
 * answer. It survives the process and a restart of the device.
 */
public final class SyncJob extends JobService {

  static final int SOON = 1;
  static final int NOW_AND_THEN = 2;

  private static final long BACKOFF_MILLIS = TimeUnit.SECONDS.toMillis(30);
  private static final long PERIOD_MILLIS = TimeUnit.HOURS.toMillis(1);

  private final Map<Integer, FieldNotesApp.Listener> running = new HashMap<>();

  /** Has it run, or not any more. */
  static void schedule(Context context, boolean isWanted) {
    JobScheduler scheduler = context.getSystemService(JobScheduler.class);
    if (!isWanted) {
      scheduler.cancel(SOON);
      scheduler.cancel(NOW_AND_THEN);
      return;
    }
    scheduler.schedule(job(context, SOON).build());
    if (scheduler.getPendingJob(NOW_AND_THEN) == null) {
      scheduler.schedule(job(context, NOW_AND_THEN).setPeriodic(PERIOD_MILLIS).build());
    }
  }

  private static JobInfo.Builder job(Context context, int id) {
    return new JobInfo.Builder(id, new ComponentName(context, SyncJob.class))
        .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
        .setBackoffCriteria(BACKOFF_MILLIS, JobInfo.BACKOFF_POLICY_EXPONENTIAL)
        .setPersisted(true);
  }

  @Override
  public boolean onStartJob(JobParameters job) {
    FieldNotesApp app = (FieldNotesApp) getApplication();
    FieldNotesApp.Listener listener =
        status -> {
          if (status.state() == SyncStatus.State.SYNCING) {
            return;
          }
          if (end(job.getJobId())) {
            boolean isToBeTriedAgain =
                status.state() == SyncStatus.State.WAITING
                    || status.state() == SyncStatus.State.OFFLINE
                    || status.state() == SyncStatus.State.STOPPED
                    || status.state() == SyncStatus.State.UNREADABLE;
            jobFinished(job, isToBeTriedAgain);
          }
        };
    running.put(job.getJobId(), listener);
    app.jobBegan();
    app.add(listener);
    return true;
  }

  @Override
  public boolean onStopJob(JobParameters job) {
    return end(job.getJobId()); // again, if it was not done
  }

  private boolean end(int job) {
    FieldNotesApp.@Nullable Listener listener = running.remove(job);
    if (listener == null) {
      return false;
    }
    FieldNotesApp app = (FieldNotesApp) getApplication();
    app.remove(listener);
    app.jobEnded();
    return true;
  }
}
