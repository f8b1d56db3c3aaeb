package io.whimbrel.executor.step;

import io.whimbrel.event.Operation;
import io.whimbrel.executor.backup.ContentState;
import io.whimbrel.executor.backup.Recorded;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunPlan.PlannedMigration;
import io.whimbrel.executor.run.RunRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds what is known of the run that a rollback takes back. */
@ApplicationScoped
class RollbackSubjects {
  private final RunRepository runs;
  private final RunMigrations migrations;

  RollbackSubjects(RunRepository runs, RunMigrations migrations) {
    this.runs = runs;
    this.migrations = migrations;
  }

  RollbackSubject of(Run run) {
    UUID id = run.request().operation() == Operation.ROLLBACK ? run.planned().backupOf() : run.id();
    if (id == null) {
      return RollbackSubject.NONE;
    }
    Run subject = runs.find(id).orElseThrow();
    List<RunMigration> all = migrations.of(id);
    List<RunMigration> applied =
        all.stream().filter(migration -> migration.state() == MigrationState.APPLIED).toList();
    return new RollbackSubject(
        id,
        Optional.ofNullable(subject.backup())
            .filter(backup -> backup.status() == BackupReference.Status.VERIFIED),
        all.stream().map(RunMigration::script).toList(),
        subject.planned().created(),
        inverses(subject.planned().migrations()),
        recorded(applied, subject.planned().touched().isEmpty() || subject.options().atomic()));
  }

  private static Map<String, String> inverses(List<PlannedMigration> planned) {
    Map<String, String> inverses = new HashMap<>();
    for (PlannedMigration migration : planned) {
      if (migration.derivedUndo() != null) {
        inverses.put(migration.script(), migration.derivedUndo());
      }
    }
    return inverses;
  }

  /**
   * A run in one transaction, and one that touches nothing that was there, records only its begin
   * and its end.
   */
  private static List<Recorded> recorded(List<RunMigration> applied, boolean once) {
    if (applied.isEmpty()) {
      return List.of();
    }
    List<Recorded> recorded = new ArrayList<>();
    if (once) {
      recorded.addAll(between(applied.get(0), applied.get(applied.size() - 1)));
    } else {
      applied.forEach(migration -> recorded.addAll(between(migration, migration)));
    }
    return once || recorded.size() == applied.size() ? recorded : List.of();
  }

  private static List<Recorded> between(RunMigration first, RunMigration last) {
    ContentState begin = begin(first);
    ContentState end = end(last);
    return begin == null || end == null ? List.of() : List.of(new Recorded(begin, end));
  }

  private static @Nullable ContentState begin(RunMigration migration) {
    return ContentRecorder.read(migration.fingerprintBegin());
  }

  private static @Nullable ContentState end(RunMigration migration) {
    return ContentRecorder.read(migration.fingerprintEnd());
  }
}
