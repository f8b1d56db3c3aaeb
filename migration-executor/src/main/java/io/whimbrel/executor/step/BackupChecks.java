package io.whimbrel.executor.step;

import io.whimbrel.event.BackupCheck;
import io.whimbrel.executor.backup.BackupInvalid;
import io.whimbrel.executor.backup.BackupManifest;
import io.whimbrel.executor.backup.BackupPlace;
import io.whimbrel.executor.backup.BackupVerifier;
import io.whimbrel.executor.rehearsal.ScratchDatabase;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Finds out whether backups can be relied on: by reading them, or by loading them as well. */
@ApplicationScoped
public class BackupChecks {
  /** The role may not make a database. */
  private static final String NO_RIGHT = "42501";

  private final BackupSecrets secrets;

  BackupChecks(BackupSecrets secrets) {
    this.secrets = secrets;
  }

  /** A backup that could not be tried; nothing is known of it that was not known before. */
  public static final class NotTried extends Exception {
    NotTried(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** What a target, and someone who asks, want a backup to be put through: the stronger of both. */
  public static BackupCheck wanted(Target target, BackupCheck asked) {
    return asked.orStronger(
        target.policy().recovery().loadBackups() ? BackupCheck.RESTORE : BackupCheck.READ);
  }

  /** Reads every byte of a backup. */
  public BackupManifest read(BackupPlace place, String manifestSha256) throws BackupInvalid {
    return new BackupVerifier(secrets.keys()).verify(place, manifestSha256, null);
  }

  /**
   * Loads a backup that was read into a scratch database, which is gone afterwards.
   *
   * @param id names the scratch database: of the run or the backup
   */
  public void load(Target target, UUID id, BackupPlace place, BackupManifest manifest)
      throws BackupInvalid, NotTried {
    String session = "whimbrel-backup-check:" + id;
    UUID own = UUID.nameUUIDFromBytes(session.getBytes(StandardCharsets.UTF_8));
    try (Connection real = target.connect(target.executor(), session);
        ScratchDatabase scratch = ScratchDatabase.create(real, target, own);
        Connection connection = scratch.connect(session)) {
      new BackupVerifier(secrets.keys()).load(place, manifest, connection);
    } catch (SQLException e) {
      throw new NotTried(
          NO_RIGHT.equals(e.getSQLState())
              ? "the backup could not be loaded into a scratch database, as the role may not make"
                  + " one; grant it CREATEDB, or name a rehearsal server in the targets file"
              : "the backup could not be loaded into a scratch database: " + e.getMessage(),
          e);
    }
  }
}
