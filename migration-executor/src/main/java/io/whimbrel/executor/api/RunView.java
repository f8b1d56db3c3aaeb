package io.whimbrel.executor.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.forecast.Prediction;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.RollbackOutcome;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunPlan;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.RunQueries.StepLine;
import io.whimbrel.executor.run.ValidationOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as users see it.
 *
 * @param planId the plan that was approved for it, if one was
 * @param planLocation where that plan is to be read
 * @param differences JSON: how scripts differ from what was applied. It holds SQL of the scripts,
 *     and so is shown here only, where a caller is known to be an admin
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RunView(
    UUID runId,
    Operation operation,
    String target,
    RunStateName state,
    @Nullable String requestedBy,
    String source,
    @Nullable String reason,
    boolean atomic,
    Instant requestedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Long durationMs,
    List<MigrationView> migrations,
    List<StepLine> steps,
    @Nullable UUID planId,
    @Nullable String planLocation,
    @Nullable RunPlan plan,
    @Nullable RunProgress progress,
    @Nullable String pausedBy,
    @Nullable String cancelledBy,
    ValidationView validation,
    @Nullable BackupReference backup,
    @Nullable RollbackOutcome rollback,
    @Nullable RunError error,
    @JsonRawValue @Nullable String differences) {

  /**
   * A migration of the run.
   *
   * @param predictedMs how long its plan said it would take, beside {@code durationMs}
   * @param predictedLowMs nine of ten durations are to be between this and {@code predictedHighMs}
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MigrationView(
      @Nullable String version,
      String description,
      String script,
      @Nullable Integer checksum,
      MigrationState state,
      @Nullable Long durationMs,
      @Nullable Long rows,
      @Nullable Long lockWaitMs,
      @Nullable Long walBytes,
      @Nullable Long predictedMs,
      @Nullable Long predictedLowMs,
      @Nullable Long predictedHighMs) {

    static MigrationView of(RunMigration migration) {
      Prediction predicted = migration.predicted();
      return new MigrationView(
          migration.version(),
          migration.description(),
          migration.script(),
          migration.checksum(),
          migration.state(),
          migration.durationMs(),
          migration.rows(),
          migration.lockWaitMs(),
          migration.walBytes(),
          predicted == null ? null : Math.round(predicted.medianMs()),
          predicted == null ? null : Math.round(predicted.lowMs()),
          predicted == null ? null : Math.round(predicted.highMs()));
    }
  }

  /** Both validations of the run. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ValidationView(@Nullable ValidationOutcome before, @Nullable ValidationOutcome after) {}

  static RunView of(
      Run run, List<RunMigration> migrations, List<StepLine> steps, @Nullable String differences) {
    Instant started = run.startedAt();
    Instant finished = run.finishedAt();
    return new RunView(
        run.id(),
        run.request().operation(),
        run.target(),
        run.state(),
        run.request().requestedBy(),
        run.source(),
        run.request().reason(),
        run.options().atomic(),
        run.requestedAt(),
        started,
        finished,
        started == null || finished == null ? null : Duration.between(started, finished).toMillis(),
        migrations.stream().map(MigrationView::of).toList(),
        steps,
        run.request().planId(),
        run.request().planId() == null
            ? null
            : "/api/v1/migrations/plans/" + run.request().planId(),
        run.plan(),
        run.progress(),
        run.wish().pausedBy(),
        run.wish().cancelledBy(),
        new ValidationView(run.validationBefore(), run.validationAfter()),
        run.backup(),
        run.rollback(),
        run.error(),
        differences);
  }
}
