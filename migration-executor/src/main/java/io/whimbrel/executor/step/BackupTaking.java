package io.whimbrel.executor.step;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.Backup;
import io.whimbrel.executor.backup.BackupFailed;
import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.backup.BackupListener;
import io.whimbrel.executor.backup.BackupRequest;
import io.whimbrel.executor.backup.BackupVerifier;
import io.whimbrel.executor.backup.BackupWriter;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunConfig;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.Step;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Takes a backup for a run and reads it back; what it answers can be relied on. */
@ApplicationScoped
class BackupTaking {
  private final RunLifecycle lifecycle;
  private final RunConfig config;
  private final BackupConfig backups;

  BackupTaking(RunLifecycle lifecycle, RunConfig config, BackupConfig backups) {
    this.lifecycle = lifecycle;
    this.config = config;
    this.backups = backups;
  }

  /**
   * Takes a backup of the given tables.
   *
   * @param name of its directory among those of the target
   */
  BackupReference take(Claim claim, Run run, Target target, List<TableName> tables, String name)
      throws BackupFailed, BackupInvalid {
    Path directory = backups.directory().resolve(target.name()).resolve(name);
    BackupRequest request =
        new BackupRequest(
            target.name(),
            () -> target.connect(target.executor(), "whimbrel-backup:" + run.id()),
            tables,
            target.schemas(),
            run.id(),
            directory,
            backups.lockTimeout());
    ProgressReporter progress = new ProgressReporter(lifecycle, claim, config.progressInterval());
    long begin = System.nanoTime();
    Backup backup = new BackupWriter().write(request, p -> progress.perhaps(describe(p)));
    new BackupVerifier().verify(directory, backup.manifestSha256(), null);
    return new BackupReference(
        BackupReference.Status.VERIFIED,
        backups.directory().relativize(directory).toString(),
        backup.manifestSha256(),
        backup.manifest().tables().size(),
        backup.rows(),
        backup.bytes(),
        Duration.ofNanos(System.nanoTime() - begin).toMillis(),
        null);
  }

  /** Where a backup is that was taken before. */
  Path directory(String reference) {
    return backups.directory().resolve(reference);
  }

  Duration lockTimeout() {
    return backups.lockTimeout();
  }

  private static RunProgress describe(BackupListener.Progress progress) {
    return new RunProgress(
        Step.BACK_UP.name(),
        null,
        null,
        null,
        progress.of() == 0 ? null : 100.0 * progress.tables() / progress.of(),
        null,
        null,
        "Backed up %d of %d tables, %d rows, %d bytes"
            .formatted(progress.tables(), progress.of(), progress.rows(), progress.bytes()));
  }
}
