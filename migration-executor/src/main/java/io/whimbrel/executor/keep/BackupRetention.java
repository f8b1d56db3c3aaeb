package io.whimbrel.executor.keep;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.executor.backup.BackupRemoval;
import io.whimbrel.executor.run.BackupRecord;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.step.BackupConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.jboss.logging.Logger;

/**
 * Deletes backups that are older, or more, than is kept. A backup is marked as deleted before its
 * files go, so that nothing begins to rely on it; if it stops in between, the files stay behind.
 */
@ApplicationScoped
class BackupRetention {
  private static final Logger LOG = Logger.getLogger(BackupRetention.class);

  private final BackupRecords records;
  private final BackupConfig config;

  BackupRetention(BackupRecords records, BackupConfig config) {
    this.records = records;
    this.config = config;
  }

  @Scheduled(
      every = "{whimbrel.backup.retention-interval:10m}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void deleteExpired() {
    if (config.keepFor().isEmpty() && config.keepNewest().isEmpty()) {
      return;
    }
    try {
      records
          .expire(config.keepFor().orElse(null), config.keepNewest().orElse(null))
          .forEach(this::delete);
    } catch (RuntimeException e) {
      LOG.warnf(
          "Old backups will be looked for again in %s: %s",
          config.retentionInterval(), e.getMessage());
    }
  }

  private void delete(BackupRecord backup) {
    try {
      BackupRemoval.remove(config.directory().resolve(backup.directory()));
      LOG.infof(
          "Deleted backup %s of target %s, taken at %s",
          backup.backupId(), backup.target(), backup.takenAt());
    } catch (IOException e) {
      LOG.errorf(
          e,
          "The files of backup %s in %s could not be deleted; delete them by hand",
          backup.backupId(),
          backup.directory());
    }
  }
}
