package io.whimbrel.executor.step;

import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.Backup;
import io.whimbrel.executor.backup.BackupFailed;
import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.backup.BackupListener;
import io.whimbrel.executor.backup.BackupManifest;
import io.whimbrel.executor.backup.BackupPlace;
import io.whimbrel.executor.backup.BackupRequest;
import io.whimbrel.executor.backup.BackupWriter;
import io.whimbrel.executor.backup.Restore;
import io.whimbrel.executor.run.BackupRecord.Purpose;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.Step;
import io.whimbrel.executor.step.BackupChecks.NotTried;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** Takes a backup for a run and reads it back; what it answers can be relied on. */
@ApplicationScoped
class BackupTaking {
  /** The share from which on the time that is left can be guessed from the time that it took. */
  private static final double TELLING = 0.02;

  private final RunLifecycle lifecycle;
  private final RunConfig config;
  private final BackupConfig backups;
  private final BackupRecords records;
  private final BackupStores stores;
  private final BackupSecrets secrets;
  private final BackupChecks checks;
  private final Leftovers leftovers;

  BackupTaking(
      RunLifecycle lifecycle,
      RunConfig config,
      BackupConfig backups,
      BackupRecords records,
      BackupStores stores,
      BackupSecrets secrets,
      BackupChecks checks,
      Leftovers leftovers) {
    this.lifecycle = lifecycle;
    this.config = config;
    this.backups = backups;
    this.records = records;
    this.stores = stores;
    this.secrets = secrets;
    this.checks = checks;
    this.leftovers = leftovers;
  }

  /**
   * Takes a backup of the given tables; each run has at most one for each purpose. What the request
   * says of backups counts before a run; before a rollback there is no time to lose.
   *
   * <p>Every attempt has a place of its own, so that one that was taken for dead and wakes up does
   * not write into the backup that another has taken since.
   *
   * @throws NotTried if it should have been loaded, too, and could not be
   */
  BackupReference take(Claim claim, Run run, Target target, List<TableName> tables, Purpose purpose)
      throws BackupFailed, BackupInvalid, NotTried {
    boolean beforeRun = purpose == Purpose.BEFORE_RUN;
    BackupScope scope = beforeRun ? run.options().backupScope() : BackupScope.TOUCHED;
    BackupCheck check =
        beforeRun ? BackupChecks.wanted(target, run.options().backupCheck()) : BackupCheck.READ;
    String name = run.id() + (beforeRun ? "" : "-before-rollback") + "-" + claim.token();
    String directory = target.name() + "/" + name;
    leftovers.removeOf(target.name(), run.id());
    BackupPlace place = stores.store().place(directory);
    BackupRequest request =
        new BackupRequest(
            target.name(),
            () -> target.connect(target.executor(), "whimbrel-backup:" + run.id()),
            scope,
            tables,
            target.schemas(),
            run.id(),
            place,
            backups.lockTimeout());
    ProgressReporter progress = new ProgressReporter(lifecycle, claim, config.progressInterval());
    long begin = System.nanoTime();
    Backup backup =
        new BackupWriter(secrets.keys())
            .write(request, p -> progress.perhaps(describe(p, System.nanoTime() - begin)));
    BackupManifest manifest = checks.read(place, backup.manifestSha256());
    if (check == BackupCheck.RESTORE) {
      progress.say(RunProgress.says("Loads the backup into a scratch database"));
      checks.load(target, run.id(), place, manifest);
    }
    var reference =
        new BackupReference(
            BackupReference.Status.VERIFIED,
            directory,
            backup.manifestSha256(),
            backup.manifest().tables().size(),
            backup.rows(),
            backup.bytes(),
            Duration.ofNanos(System.nanoTime() - begin).toMillis(),
            null,
            scope,
            check);
    records.taken(claim, purpose, reference);
    return reference;
  }

  /** Restores what was taken here, or by an earlier run. */
  Restore restore() {
    return new Restore(secrets.keys());
  }

  /** Where a backup is that was taken before. */
  BackupPlace place(String reference) {
    return stores.store().place(reference);
  }

  Duration lockTimeout() {
    return backups.lockTimeout();
  }

  private static RunProgress describe(BackupListener.Progress progress, long nanos) {
    double seconds = nanos / 1e9;
    double done = progress.share();
    return new RunProgress(
        Step.BACK_UP.name(),
        null,
        null,
        null,
        100.0 * done,
        null,
        done >= TELLING ? Math.round(seconds * (1 - done) / done) : null,
        "Backed up %d of %d tables, %d rows, %s at %s/s"
            .formatted(
                progress.tables(),
                progress.of(),
                progress.rows(),
                size(progress.bytes()),
                size((long) (progress.bytes() / Math.max(seconds, 0.001)))));
  }

  private static String size(long bytes) {
    return bytes < 10_000_000 ? bytes / 1000 + " kB" : bytes / 1_000_000 + " MB";
  }
}
