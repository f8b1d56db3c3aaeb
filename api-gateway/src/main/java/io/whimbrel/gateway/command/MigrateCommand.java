package io.whimbrel.gateway.command;

import static io.whimbrel.gateway.body.Fields.orElse;

import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunOptions;
import io.whimbrel.gateway.body.Fields;
import io.whimbrel.gateway.problem.Problems;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /execute}, {@code /validate} and {@code /plan}.
 *
 * @param migration one migration, by version, description or file name
 * @param upTo the last version to bring; with neither, all pending ones
 * @param repair migrations whose rows of the schema history take over their files
 * @param ignore migrations whose contradictions to the schema history do not hold up the run
 * @param acceptRisks risks that the policy refuses and the run takes, by the ids of their rules
 * @param backupScope how much is backed up
 * @param backupCheck what the backup is put through before it counts
 * @param planId the plan that was read and approved; the run is refused if it would be another
 */
record MigrateCommand(
    String target,
    @Nullable String migration,
    @Nullable String upTo,
    @Nullable Boolean validateBefore,
    @Nullable Boolean createBackup,
    @Nullable Boolean monitorProgress,
    @Nullable Boolean rollbackOnFailure,
    @Nullable Boolean validateAfter,
    @Nullable Boolean atomic,
    @Nullable Boolean acceptDataLoss,
    @Nullable List<String> repair,
    @Nullable List<String> ignore,
    @Nullable List<String> acceptRisks,
    @Nullable BackupScope backupScope,
    @Nullable BackupCheck backupCheck,
    @Nullable UUID planId,
    @Nullable String reason)
    implements Command {

  MigrateCommand {
    target = Fields.target(target);
    migration = Fields.name("migration", migration);
    upTo = Fields.name("upTo", upTo);
    repair = Fields.names("repair", repair);
    ignore = Fields.names("ignore", ignore);
    acceptRisks = Fields.risks("acceptRisks", acceptRisks);
    reason = Fields.text("reason", reason);
    if (migration != null && upTo != null) {
      throw Problems.badRequest("upTo", "Give either migration or upTo, not both.");
    }
  }

  @Override
  public boolean losesData() {
    return orElse(acceptDataLoss, RunOptions.DEFAULTS.acceptDataLoss());
  }

  @Override
  public MigrationRequested request(
      Operation operation, UUID runId, String requestedBy, Instant at) {
    return new MigrationRequested(
        runId,
        operation,
        target,
        migration,
        upTo,
        null,
        null,
        null,
        planId,
        options(),
        requestedBy,
        reason,
        at);
  }

  RunOptions options() {
    RunOptions defaults = RunOptions.DEFAULTS;
    return new RunOptions(
        orElse(validateBefore, defaults.validateBefore()),
        orElse(validateAfter, defaults.validateAfter()),
        orElse(createBackup, defaults.createBackup()),
        orElse(monitorProgress, defaults.monitorProgress()),
        orElse(rollbackOnFailure, defaults.rollbackOnFailure()),
        orElse(atomic, defaults.atomic()),
        losesData(),
        orElse(repair, defaults.repair()),
        orElse(ignore, defaults.ignore()),
        orElse(acceptRisks, defaults.acceptRisks()),
        orElse(backupScope, defaults.backupScope()),
        orElse(backupCheck, defaults.backupCheck()));
  }
}
