package io.whimbrel.gateway.command;

import static io.whimbrel.gateway.body.Fields.orElse;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RollbackStrategy;
import io.whimbrel.event.RunOptions;
import io.whimbrel.gateway.body.Fields;
import io.whimbrel.gateway.problem.Problems;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code /rollback}: what to take back, named in exactly one way.
 *
 * @param runId the run to take back
 * @param migration the migration to take back
 * @param downTo the version that remains the last applied one
 */
record RollbackCommand(
    String target,
    @Nullable UUID runId,
    @Nullable String migration,
    @Nullable String downTo,
    @Nullable RollbackStrategy strategy,
    @Nullable Boolean acceptDataLoss,
    @Nullable String reason)
    implements Command {

  RollbackCommand {
    target = Fields.target(target);
    migration = Fields.name("migration", migration);
    downTo = Fields.name("downTo", downTo);
    reason = Fields.text("reason", reason);
    if (Stream.of(runId, migration, downTo).filter(Objects::nonNull).count() != 1) {
      throw Problems.badRequest("runId", "Give exactly one of runId, migration and downTo.");
    }
  }

  @Override
  public boolean losesData() {
    return orElse(acceptDataLoss, RunOptions.DEFAULTS.acceptDataLoss());
  }

  @Override
  public MigrationRequested request(Operation operation, UUID run, String requestedBy, Instant at) {
    return new MigrationRequested(
        run,
        operation,
        target,
        migration,
        null,
        downTo,
        runId,
        strategy == null ? RollbackStrategy.AUTO : strategy,
        options(),
        requestedBy,
        reason,
        at);
  }

  private RunOptions options() {
    RunOptions defaults = RunOptions.DEFAULTS;
    return new RunOptions(
        defaults.validateBefore(),
        defaults.validateAfter(),
        defaults.createBackup(),
        defaults.monitorProgress(),
        defaults.rollbackOnFailure(),
        defaults.atomic(),
        losesData());
  }
}
