package io.whimbrel.executor.keep;

import io.whimbrel.event.BackupCheck;
import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.backup.BackupManifest;
import io.whimbrel.executor.backup.BackupPlace;
import io.whimbrel.executor.run.BackupRecord;
import io.whimbrel.executor.run.BackupRecords;
import io.whimbrel.executor.step.BackupChecks;
import io.whimbrel.executor.step.BackupChecks.NotTried;
import io.whimbrel.executor.step.BackupStores;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Reads a backup again, every byte of it, or loads it as well, and notes what it found. Nothing
 * else is changed; if the process ends meanwhile, what was known of the backup before stays.
 */
@ApplicationScoped
public class BackupReading {
  private final BackupRecords records;
  private final BackupStores stores;
  private final BackupChecks checks;
  private final TargetRegistry targets;
  private final ManagedExecutor executor;
  private final Map<UUID, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  BackupReading(
      BackupRecords records,
      BackupStores stores,
      BackupChecks checks,
      TargetRegistry targets,
      ManagedExecutor executor) {
    this.records = records;
    this.stores = stores;
    this.checks = checks;
    this.targets = targets;
    this.executor = executor;
  }

  /** Why a backup cannot be checked as it was asked; nothing was noted. */
  public static final class Impossible extends RuntimeException {
    Impossible(@Nullable String message) {
      super(message);
    }
  }

  /**
   * Begins to check, unless that has begun already; complete once it was noted what was found.
   *
   * @param asked the target may want more
   * @return completed with {@link Impossible} if it cannot be done
   */
  public CompletableFuture<Void> begin(BackupRecord backup, BackupCheck asked) {
    var reading = new CompletableFuture<Void>();
    CompletableFuture<Void> other = underWay.putIfAbsent(backup.backupId(), reading);
    if (other != null) {
      return other;
    }
    executor.execute(() -> complete(reading, backup, asked));
    return reading;
  }

  private void complete(CompletableFuture<Void> reading, BackupRecord backup, BackupCheck asked) {
    try {
      check(backup, asked);
      reading.complete(null);
    } catch (RuntimeException e) {
      reading.completeExceptionally(e);
    } finally {
      underWay.remove(backup.backupId());
    }
  }

  private void check(BackupRecord backup, BackupCheck asked) {
    Optional<Target> target = targets.find(backup.target());
    BackupCheck check = target.map(known -> BackupChecks.wanted(known, asked)).orElse(asked);
    if (check == BackupCheck.RESTORE && target.isEmpty()) {
      throw new Impossible(
          "Target "
              + backup.target()
              + " is not in the targets file, so there is no server to load its backup on");
    }
    BackupPlace place = stores.store().place(backup.directory());
    try {
      BackupManifest manifest = checks.read(place, backup.manifestSha256());
      if (check == BackupCheck.RESTORE) {
        checks.load(target.orElseThrow(), backup.backupId(), place, manifest);
      }
      records.checked(backup.backupId(), check, null);
    } catch (BackupInvalid e) {
      if (e.reason() == BackupInvalid.Reason.UNAVAILABLE) {
        throw new Impossible(e.getMessage());
      }
      records.checked(backup.backupId(), check, e.reason() + ": " + e.getMessage());
    } catch (NotTried e) {
      throw new Impossible(e.getMessage());
    }
  }
}
