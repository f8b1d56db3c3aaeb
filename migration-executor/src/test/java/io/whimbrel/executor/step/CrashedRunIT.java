package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.Crash;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine's own points are in a test of their own; here it is what a run notes of them. */
@QuarkusTest
@ExecutorIntegration
class CrashedRunIT {

  private static final Set<CrashPoint> OF_RUNS =
      Set.of(
          CrashPoint.MIGRATION_STATE,
          CrashPoint.TRANSACTION_NAMED,
          CrashPoint.LAST_COMMIT,
          CrashPoint.RUN_STATE);

  @TempDir Path directory;
  @Inject RunMigrations migrations;

  @Test
  void whereverTheStepDiesTheRunCompletesAndItsScriptHasRunOnce() throws Exception {
    TestTarget watched = target("watched");
    List<Crash.Pass> passes;
    try (Crash crash = Crash.never(watched)) {
      completes(watched);
      Crash.Pass end = new Crash.Pass(CrashPoint.RUN_STATE, true);
      await().atMost(Duration.ofSeconds(10)).until(() -> crash.passed().contains(end));
      passes = crash.passed();
    }
    assertThat(passes).extracting(Crash.Pass::point).containsAll(OF_RUNS);
    for (int pass = 0; pass < passes.size(); pass++) {
      if (OF_RUNS.contains(passes.get(pass).point())) {
        diesAt(pass, passes.get(pass));
      }
    }
  }

  private void diesAt(int pass, Crash.Pass where) throws Exception {
    TestTarget target = target("pass-" + pass);
    try (Crash crash = Crash.onceAt(pass, target)) {
      WholeRun run = completes(target);
      await(where.toString())
          .atMost(Duration.ofSeconds(10))
          .until(() -> crash.passed().size() > pass);
      assertThat(crash.passed().get(pass)).isEqualTo(where);
      assertThat(migrations.of(run.id()))
          .as(where.toString())
          .extracting(RunMigration::state)
          .containsExactly(MigrationState.APPLIED);
    }
    assertThat(target.value("select count(*) from a")).as(where.toString()).isEqualTo("1");
    assertThat(target.value("select count(*) from flyway_schema_history where success"))
        .as(where.toString())
        .isEqualTo("1");
  }

  private static WholeRun completes(TestTarget target) throws Exception {
    WholeRun run = WholeRun.on(target);
    assertThat(run.until(now -> false).state()).isEqualTo(RunStateName.COMPLETED);
    return run;
  }

  private TestTarget target(String name) throws Exception {
    return new TestTarget(Files.createDirectories(directory.resolve(name)))
        .file("V1__a.sql", "create table a (i int);\ninsert into a values (1);");
  }
}
