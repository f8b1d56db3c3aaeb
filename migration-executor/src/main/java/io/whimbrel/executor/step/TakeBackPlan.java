package io.whimbrel.executor.step;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.backup.ContentFingerprint;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.ToUndo;
import io.whimbrel.executor.plan.UndoPlan;
import io.whimbrel.executor.plan.UndoSelection;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunPlan;
import io.whimbrel.executor.run.RunPlan.PlannedMigration;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** Plans a rollback that was asked for: which migrations, and whose backup a restore would use. */
@ApplicationScoped
class TakeBackPlan {
  private final Scripts scripts;
  private final RunRepository runs;
  private final RunMigrations migrations;

  TakeBackPlan(Scripts scripts, RunRepository runs, RunMigrations migrations) {
    this.scripts = scripts;
    this.runs = runs;
    this.migrations = migrations;
  }

  /**
   * Plans.
   *
   * @throws Refusal naming what cannot be taken back, and why
   */
  RunPlan of(Run run, Target target) throws SQLException {
    try (Connection connection = target.connect(target.executor(), "whimbrel-plan:" + run.id())) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      History history = new SchemaHistory(target).read(connection);
      List<ToUndo> undone =
          new UndoPlan(scripts.of(target).catalogue(), history).select(selection(run));
      if (undone.isEmpty()) {
        throw new Refusal("Nothing of it is applied, so there is nothing to take back");
      }
      List<String> names = undone.stream().map(one -> one.applied().script()).toList();
      Optional<Run> subject = subject(run, names);
      List<TableName> existing =
          ContentFingerprint.take(connection, target.schemas(), List.of(), null).tables();
      return new RunPlan(
          undone.stream().map(TakeBackPlan::planned).toList(),
          subject.map(applied -> applied.planned().mayHaveTouched(existing)).orElse(existing),
          List.of(),
          List.of(),
          subject.isPresent(),
          subject.isPresent()
              ? "the tables that run " + subject.get().id() + " touched or made"
              : "no single run applied these migrations, so every table counts as touched",
          List.of(),
          List.of(),
          List.of(),
          null,
          subject.map(Run::id).orElse(null));
    }
  }

  private UndoSelection selection(Run run) {
    MigrationRequested request = run.request();
    if (request.rollbackOf() != null) {
      Run subject =
          runs.find(request.rollbackOf())
              .filter(found -> found.target().equals(run.target()))
              .orElseThrow(
                  () ->
                      new Refusal(
                          "There is no run "
                              + request.rollbackOf()
                              + " on target "
                              + run.target()));
      if (!subject.state().terminal() || subject.state() == RunStateName.ROLLED_BACK) {
        throw new Refusal(
            "Run " + subject.id() + " is " + subject.state() + " and cannot be taken back");
      }
      return new UndoSelection.Applied(applied(subject.id()));
    }
    if (request.migration() != null) {
      return new UndoSelection.Named(request.migration());
    }
    if (request.downTo() != null) {
      return new UndoSelection.DownTo(request.downTo());
    }
    throw new Refusal("A rollback names a run, a migration or the version to go down to");
  }

  /** The run that applied exactly these scripts, and nothing else. */
  private Optional<Run> subject(Run run, List<String> names) {
    UUID named = run.request().rollbackOf();
    Optional<Run> candidate =
        named != null
            ? runs.find(named)
            : migrations.lastApplying(run.target(), names).flatMap(runs::find);
    return candidate.filter(
        found -> new TreeSet<>(applied(found.id())).equals(new TreeSet<>(names)));
  }

  private List<String> applied(UUID subject) {
    return migrations.of(subject).stream()
        .filter(migration -> migration.state() == MigrationState.APPLIED)
        .map(RunMigration::script)
        .toList();
  }

  private static PlannedMigration planned(ToUndo one) {
    return new PlannedMigration(
        one.applied().script(),
        Migration.Kind.UNDO.name(),
        one.applied().version() == null ? null : one.applied().version().toString(),
        one.applied().description(),
        one.applied().checksum(),
        false,
        one.undo().map(Migration::script).orElse(null),
        null);
  }
}
