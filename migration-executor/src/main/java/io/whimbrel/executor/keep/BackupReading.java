package io.whimbrel.executor.keep;

import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.backup.BackupVerifier;
import io.whimbrel.executor.run.BackupRecord;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.step.BackupConfig;
import io.whimbrel.executor.step.BackupSecrets;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.context.ManagedExecutor;

/**
 * Reads a backup again, every byte of it, and notes what it found. Nothing else is changed; if the
 * process ends meanwhile, what was known of the backup before stays.
 */
@ApplicationScoped
public class BackupReading {
  private final BackupRecords records;
  private final BackupConfig config;
  private final BackupSecrets secrets;
  private final ManagedExecutor executor;
  private final Map<UUID, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  BackupReading(
      BackupRecords records, BackupConfig config, BackupSecrets secrets, ManagedExecutor executor) {
    this.records = records;
    this.config = config;
    this.secrets = secrets;
    this.executor = executor;
  }

  /** Begins to read, unless someone else has begun; complete once it was noted what it found. */
  public CompletableFuture<Void> begin(BackupRecord backup) {
    var reading = new CompletableFuture<Void>();
    CompletableFuture<Void> other = underWay.putIfAbsent(backup.backupId(), reading);
    if (other != null) {
      return other;
    }
    executor.execute(() -> complete(reading, backup));
    return reading;
  }

  private void complete(CompletableFuture<Void> reading, BackupRecord backup) {
    try {
      read(backup);
      reading.complete(null);
    } catch (RuntimeException e) {
      reading.completeExceptionally(e);
    } finally {
      underWay.remove(backup.backupId());
    }
  }

  private void read(BackupRecord backup) {
    try {
      new BackupVerifier(secrets.keys())
          .verify(config.directory().resolve(backup.directory()), backup.manifestSha256(), null);
      records.read(backup.backupId(), null);
    } catch (BackupInvalid e) {
      records.read(backup.backupId(), e.reason() + ": " + e.getMessage());
    }
  }
}
