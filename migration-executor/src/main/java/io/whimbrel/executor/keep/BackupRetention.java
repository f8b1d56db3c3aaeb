package io.whimbrel.executor.keep;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.executor.run.BackupRecord;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.step.BackupConfig;
import io.whimbrel.executor.step.BackupStores;
import io.whimbrel.executor.step.Leftovers;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.jboss.logging.Logger;

/**
 * Deletes backups that are older, or more, than is kept, and what attempts that died have left. A
 * backup is marked as deleted before its files go, so that nothing begins to rely on it; if it
 * stops in between, the next look removes them.
 */
@ApplicationScoped
class BackupRetention {
  private static final Logger LOG = Logger.getLogger(BackupRetention.class);

  private final BackupRecords records;
  private final BackupConfig config;
  private final BackupStores stores;
  private final Leftovers leftovers;

  BackupRetention(
      BackupRecords records, BackupConfig config, BackupStores stores, Leftovers leftovers) {
    this.records = records;
    this.config = config;
    this.stores = stores;
    this.leftovers = leftovers;
  }

  @Scheduled(
      every = "{whimbrel.backup.retention-interval:10m}",
      concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    deleteExpired();
    leftovers.remove();
  }

  private void deleteExpired() {
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
      stores.store().place(backup.directory()).remove();
      LOG.infof(
          "Deleted backup %s of target %s, taken at %s",
          backup.backupId(), backup.target(), backup.takenAt());
    } catch (IOException e) {
      LOG.warnf(
          e,
          "The files of backup %s in %s could not be deleted; that is tried again in %s",
          backup.backupId(),
          backup.directory(),
          config.retentionInterval());
    }
  }
}
