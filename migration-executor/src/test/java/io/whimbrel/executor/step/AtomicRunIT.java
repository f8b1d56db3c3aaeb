package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.Cancellation;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunRepository;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@ExecutorIntegration
class AtomicRunIT {

  @TempDir Path directory;
  @Inject RunLifecycle lifecycle;
  @Inject RunRepository runs;
  @Inject Cancellation cancellation;
  @Inject RunMigrations migrations;

  @ConfigProperty(name = "whimbrel.targets.file")
  Path targets;

  private TestTarget target;
  private String name;

  @BeforeEach
  void declared() throws Exception {
    target = new TestTarget(directory);
    name = target.target().url().replaceAll(".*/", "").replace('_', '-');
    Files.writeString(
        targets,
        """
        targets:
          - name: %s
            url: %s
            catalog: %s
            executor: { user: migrator }
            validator: { user: migrator }
        """
            .formatted(name, target.target().url(), directory));
  }

  @Test
  void aPlanIsAppliedInOneTransactionAndTakenBackByItsBackup() throws Exception {
    target.execute("create table a (i int primary key); insert into a values (1)");
    Files.writeString(targets, Files.readString(targets) + "    baselineOnMigrate: true\n");
    target.file("V2__b.sql", "update a set i = i + 1");
    target.file("V3__c.sql", "insert into a values (1), (3)");

    Run run = ended(request(true));

    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(Objects.requireNonNull(run.progress()).message())
        .isEqualTo("Applied 2 migrations in one transaction");
    List<RunMigration> all = migrations.of(run.id());
    assertThat(all).extracting(RunMigration::state).containsOnly(MigrationState.APPLIED);
    assertThat(all).extracting(RunMigration::rows).containsExactly(1L, 2L);
    assertThat(all.get(0).xid()).isNotNull().isEqualTo(all.get(1).xid());

    Run back =
        ended(
            new MigrationRequested(
                UUID.randomUUID(),
                Operation.ROLLBACK,
                name,
                null,
                null,
                null,
                run.id(),
                null,
                options(true, false),
                "tester",
                null,
                null));

    assertThat(back.error()).isNull();
    assertThat(back.state()).isEqualTo(RunStateName.ROLLED_BACK);
    assertThat(target.value("select string_agg(i::text, ' ' order by i) from a")).isEqualTo("1");
  }

  @Test
  void whenOneFailsEachOfThemHasFailedAndNothingIsLeft() throws Exception {
    target.file("V1__a.sql", "create table a ()");
    target.file("V2__b.sql", "create table b ();\nselect 1 / (select count(*) from b)");

    Run run = ended(request(false));

    assertThat(run.state()).isEqualTo(RunStateName.FAILED);
    RunError error = Objects.requireNonNull(run.error());
    assertThat(error.script()).isEqualTo("V2__b.sql");
    assertThat(error.line()).isEqualTo(2);
    assertThat(error.message()).endsWith("share one transaction, and none is applied");
    assertThat(migrations.of(run.id()))
        .extracting(RunMigration::state)
        .containsExactly(MigrationState.FAILED, MigrationState.FAILED);
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void aScriptThatCannotTakePartIsNamedBeforeAnythingRuns() throws Exception {
    target.file("V1__a.sql", "create table a ()");
    target.file("V2__b.sql", "vacuum");

    Run run = ended(request(false));

    assertThat(run.state()).isEqualTo(RunStateName.REJECTED);
    assertThat(Objects.requireNonNull(run.error()).message())
        .startsWith("V2__b.sql has to run outside a transaction");
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  @Test
  void aRunThatIsCancelledAtWorkHasAppliedNothing() throws Exception {
    target.file("V1__a.sql", "create table a ()");
    target.file("V2__b.sql", "select pg_sleep(600)");
    MigrationRequested request = request(false);
    lifecycle.request(request, "test", false, Instant.now());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                "1"
                    .equals(
                        target.value(
                            "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
                                + " and datname = current_database()")));

    assertThat(cancellation.cancel(request.runId(), "alice")).isEqualTo(Cancellation.Answer.NOTED);
    Run run = ended(request);

    assertThat(run.state()).isEqualTo(RunStateName.CANCELLED);
    assertThat(migrations.of(run.id()))
        .extracting(RunMigration::state)
        .containsExactly(MigrationState.PENDING, MigrationState.PENDING);
    assertThat(target.value("select to_regclass('a')")).isNull();
  }

  private MigrationRequested request(boolean backup) {
    return new MigrationRequested(
        UUID.randomUUID(),
        Operation.EXECUTE,
        name,
        null,
        null,
        null,
        null,
        null,
        options(backup, true),
        "tester",
        null,
        null);
  }

  private static RunOptions options(boolean backup, boolean atomic) {
    return new RunOptions(false, false, backup, true, false, atomic, false);
  }

  private Run ended(MigrationRequested request) {
    lifecycle.request(request, "test", false, Instant.now());
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> runs.find(request.runId()).orElseThrow().state().terminal());
    return runs.find(request.runId()).orElseThrow();
  }
}
