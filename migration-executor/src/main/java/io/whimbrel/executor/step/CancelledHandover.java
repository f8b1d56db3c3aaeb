package io.whimbrel.executor.step;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.whimbrel.event.RunError;
import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.Checkpoints;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.run.Announcement;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.RunState;
import io.whimbrel.executor.run.Step;
import io.whimbrel.target.Target;
import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Ends a run that was cancelled while it applied its scripts. What was committed is asked of the
 * target, after the session that worked on it has gone: CANCELLED if nothing was, else FAILED, with
 * what stays. If it stops half way the next attempt asks again.
 */
@ApplicationScoped
class CancelledHandover {
  private final TargetRegistry targets;
  private final RunRepository runs;
  private final RunMigrations migrations;
  private final RunLifecycle lifecycle;

  CancelledHandover(
      TargetRegistry targets,
      RunRepository runs,
      RunMigrations migrations,
      RunLifecycle lifecycle) {
    this.targets = targets;
    this.runs = runs;
    this.migrations = migrations;
    this.lifecycle = lifecycle;
  }

  void end(Claim claim) throws SQLException {
    Kept kept = kept(claim.run(), targets.find(claim.target()).orElseThrow());
    CrashPoint.RUN_STATE.before();
    QuarkusTransaction.requiringNew().run(() -> end(claim, kept));
    CrashPoint.RUN_STATE.after();
  }

  /**
   * What the target has of a run.
   *
   * @param parts how far scripts are that were stopped between two of their transactions
   */
  private record Kept(List<RunMigration> applied, Map<RunMigration, String> parts) {

    String told() {
      return Stream.concat(
              applied.stream().map(RunMigration::script),
              parts.entrySet().stream()
                  .map(part -> part.getValue() + " of " + part.getKey().script()))
          .collect(Collectors.joining(", "));
    }
  }

  private Kept kept(UUID run, Target target) throws SQLException {
    List<RunMigration> planned = migrations.of(run);
    try (Connection connection = target.connect(target.executor(), "whimbrel-look:" + run)) {
      History history = new SchemaHistory(target).read(connection);
      List<RunMigration> applied =
          planned.stream().filter(migration -> isApplied(migration, history)).toList();
      Map<RunMigration, String> parts = new LinkedHashMap<>();
      for (RunMigration migration : planned) {
        if (!applied.contains(migration)) {
          Checkpoints.committed(connection, migration.script())
              .ifPresent(part -> parts.put(migration, part));
        }
      }
      return new Kept(applied, parts);
    }
  }

  private static boolean isApplied(RunMigration migration, History history) {
    return migration.state() == MigrationState.APPLIED
        || Stream.concat(
                history.versions().values().stream(), history.repeatables().values().stream())
            .anyMatch(row -> isOf(migration, row));
  }

  private static boolean isOf(RunMigration migration, AppliedMigration row) {
    return row.script().equals(migration.script())
        && Objects.equals(row.checksum(), migration.checksum());
  }

  private void end(Claim claim, Kept kept) {
    Run run = runs.find(claim.run()).orElseThrow();
    kept.applied.forEach(
        migration -> migrations.state(run.id(), migration.position(), MigrationState.APPLIED));
    kept.parts.forEach(
        (migration, part) ->
            migrations.state(run.id(), migration.position(), MigrationState.FAILED));
    String by = "Cancelled by " + run.wish().cancelledBy();
    RunState.Applying applying = new RunState.Applying();
    if (kept.told().isEmpty()) {
      runs.endStep(run.id(), Step.APPLY, "CANCELLED");
      lifecycle.enter(claim, applying.cancelled(), Announcement.says(by + "; nothing was applied"));
    } else {
      runs.endStep(run.id(), Step.APPLY, "CANCELLED");
      lifecycle.enter(
          claim,
          applying.failed(),
          Announcement.of(
              RunError.of(
                  by
                      + ". What was committed before stays: "
                      + kept.told()
                      + ". Request the run again to go on, or roll it back")));
    }
  }
}
