package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.Crash;
import io.whimbrel.executor.apply.Crash.Nth;
import io.whimbrel.executor.apply.CrashPoint;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.Cancellation;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Pausing;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunProgress;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The engine's own points are in a test of their own; here it is what a run notes, in the control
 * database and of a restore. Each case runs once without a death, to see what it passes.
 */
@QuarkusTest
@ExecutorIntegration
class CrashedRunIT {

  private static final RunOptions ATOMIC =
      new RunOptions(false, false, false, true, true, true, false);
  private static final RunOptions BACKED_UP =
      new RunOptions(false, false, true, true, false, false, false);

  private static final String APPLIED =
      "select string_agg(version, ' ' order by installed_rank) from flyway_schema_history"
          + " where success and type = 'SQL'";

  @TempDir Path directory;
  @Inject RunMigrations migrations;
  @Inject Pausing pausing;
  @Inject Cancellation cancellation;
  @Inject WishWatch watch;
  private int targets;

  /** What is requested and done, up to the request whose run is looked at in the end. */
  @FunctionalInterface
  private interface Story {
    WholeRun of(TestTarget target) throws Exception;
  }

  private static UUID applying(WholeRun run) {
    UUID subject = run.now().request().rollbackOf();
    return subject == null ? run.id() : subject;
  }

  /**
   * A story, and what it comes to wherever it dies.
   *
   * @param dies the points to die at, before and after, each time that they are passed
   * @param further deaths at single passes, or one after the other
   */
  private record Case(
      String name,
      Map<String, String> files,
      Story story,
      Set<CrashPoint> dies,
      List<List<Nth>> further,
      RunStateName end,
      List<MigrationState> states,
      Map<String, String> effects) {}

  private List<Case> cases() {
    Map<String, String> batches =
        Map.of("V2__b.sql", "-- whimbrel:batch table=a key=i size=1\nupdate a set n = n + 1");
    return List.of(
        new Case(
            "a script",
            Map.of("V2__b.sql", "update a set n = n + 1"),
            WholeRun::on,
            EnumSet.of(
                CrashPoint.CLAIM,
                CrashPoint.MIGRATION_STATE,
                CrashPoint.TRANSACTION_NAMED,
                CrashPoint.LAST_COMMIT,
                CrashPoint.RUN_STATE),
            // What was sealed and not committed is sealed no more.
            List.of(
                List.of(Nth.after(CrashPoint.TRANSACTION_NAMED, 1), Nth.before(CrashPoint.SEAL, 1)),
                List.of(Nth.after(CrashPoint.TRANSACTION_NAMED, 1), Nth.after(CrashPoint.SEAL, 1))),
            RunStateName.COMPLETED,
            List.of(MigrationState.APPLIED),
            Map.of("select string_agg(n::text, ' ') from a", "1 1", APPLIED, "2")),
        new Case(
            "callbacks without a script",
            Map.of("beforeMigrate.sql", "update a set n = 1"),
            WholeRun::on,
            EnumSet.of(CrashPoint.SEAL),
            List.of(),
            RunStateName.COMPLETED,
            List.of(),
            Map.of("select string_agg(n::text, ' ') from a", "1 1")),
        new Case(
            "scripts in one transaction",
            Map.of(
                "V2__b.sql", "update a set n = n + 1",
                "V3__c.sql", "update a set n = n + 10"),
            target -> WholeRun.on(target, ATOMIC),
            EnumSet.of(CrashPoint.MIGRATION_STATE),
            List.of(),
            RunStateName.COMPLETED,
            List.of(MigrationState.APPLIED, MigrationState.APPLIED),
            Map.of("select string_agg(n::text, ' ') from a", "11 11", APPLIED, "2 3")),
        new Case(
            "a pause between two batches",
            batches,
            this::pausedAndResumed,
            EnumSet.of(CrashPoint.STEP_PAUSED, CrashPoint.WISH),
            List.of(),
            RunStateName.COMPLETED,
            List.of(MigrationState.APPLIED),
            Map.of("select string_agg(n::text, ' ') from a", "1 1", APPLIED, "2")),
        new Case(
            "a run that is cancelled",
            Map.of("V2__b.sql", "update a set n = 1; select pg_sleep(600)"),
            this::cancelled,
            EnumSet.of(CrashPoint.WISH),
            List.of(
                List.of(Nth.before(CrashPoint.RUN_STATE, 2)),
                List.of(Nth.after(CrashPoint.RUN_STATE, 2))),
            RunStateName.CANCELLED,
            List.of(MigrationState.PENDING),
            Map.of("select string_agg(n::text, ' ') from a", "0 0")),
        new Case(
            "a rollback by a backup",
            Map.of("V2__b.sql", "update a set n = 1"),
            CrashedRunIT::takenBack,
            EnumSet.of(CrashPoint.ROLLBACK_DECIDED, CrashPoint.RESTORED),
            List.of(
                List.of(Nth.before(CrashPoint.BACKUP_TAKEN, 1)),
                List.of(Nth.after(CrashPoint.BACKUP_TAKEN, 2)),
                List.of(Nth.before(CrashPoint.PROGRESS, 1)),
                List.of(Nth.after(CrashPoint.PROGRESS, 1))),
            RunStateName.ROLLED_BACK,
            List.of(MigrationState.UNDONE),
            Map.of(
                "select string_agg(n::text, ' ') from a",
                "0 0",
                "select string_agg(type, ' ' order by installed_rank) from flyway_schema_history"
                    + " where version = '2'",
                "SQL DELETE")),
        new Case(
            "a rollback by undo scripts",
            Map.of(
                "V2__b.sql", "update a set n = n + 1",
                "U2__b.sql", "update a set n = n - 1",
                "V3__c.sql", "update a set n = n + 10",
                "U3__c.sql", "update a set n = n - 10"),
            CrashedRunIT::takenBack,
            EnumSet.noneOf(CrashPoint.class),
            // The first two are those of the run that is taken back.
            List.of(
                List.of(Nth.before(CrashPoint.LAST_COMMIT, 3)),
                List.of(Nth.after(CrashPoint.LAST_COMMIT, 3)),
                List.of(Nth.before(CrashPoint.LAST_COMMIT, 4)),
                List.of(Nth.after(CrashPoint.LAST_COMMIT, 4))),
            RunStateName.ROLLED_BACK,
            List.of(MigrationState.UNDONE, MigrationState.UNDONE),
            Map.of(
                "select string_agg(n::text, ' ') from a",
                "0 0",
                "select string_agg(type, ' ' order by installed_rank) from flyway_schema_history"
                    + " where version > '1'",
                "SQL SQL DELETE DELETE")));
  }

  @Test
  void whereverAStepDiesItsRunEndsAsIfItHadNot() throws Exception {
    Set<CrashPoint> covered = EnumSet.noneOf(CrashPoint.class);
    for (Case each : cases()) {
      List<List<Nth>> deaths = new ArrayList<>(each.further());
      for (Nth pass : passes(each)) {
        if (each.dies().contains(pass.pass().point())) {
          deaths.add(List.of(pass));
        }
      }
      for (List<Nth> death : deaths) {
        told(each, death);
        death.forEach(one -> covered.add(one.pass().point()));
      }
      assertThat(covered).as(each.name()).containsAll(each.dies());
    }
    assertThat(covered).containsAll(Crash.OF_RUNS);
  }

  private List<Nth> passes(Case each) throws Exception {
    List<Crash.Pass> passed = told(each, List.of());
    List<Nth> passes = new ArrayList<>();
    for (int i = 0; i < passed.size(); i++) {
      passes.add(
          new Nth(passed.get(i), Collections.frequency(passed.subList(0, i + 1), passed.get(i))));
    }
    return passes;
  }

  private List<Crash.Pass> told(Case each, List<Nth> deaths) throws Exception {
    String where = each.name() + ", " + deaths;
    TestTarget target = new TestTarget(Files.createDirectories(directory.resolve("" + targets++)));
    target.execute(
        "create table a (i int primary key, n int); insert into a values (1, 0), (2, 0)");
    each.files().forEach(target::file);
    try (Crash crash = Crash.at(deaths, target)) {
      WholeRun run = each.story().of(target);
      assertThat(run.until(now -> false).state()).as(where).isEqualTo(each.end());
      Crash.Pass end = new Crash.Pass(CrashPoint.RUN_STATE, true);
      await(where).atMost(Duration.ofSeconds(10)).until(() -> ended(crash, end, deaths));
      assertThat(migrations.of(applying(run)))
          .as(where)
          .extracting(RunMigration::state)
          .isEqualTo(each.states());
      for (Map.Entry<String, String> effect : each.effects().entrySet()) {
        assertThat(target.value(effect.getKey())).as(where).isEqualTo(effect.getValue());
      }
      return crash.passed();
    }
  }

  private static boolean ended(Crash crash, Crash.Pass end, List<Nth> deaths) {
    List<Crash.Pass> passed = crash.passed();
    return passed.contains(end)
        && deaths.stream()
            .allMatch(death -> Collections.frequency(passed, death.pass()) >= death.time());
  }

  private WholeRun pausedAndResumed(TestTarget target) throws Exception {
    WholeRun run =
        WholeRun.heldAt(
            "a where i = 1",
            target,
            held -> {
              again(() -> pausing.pause(held.id(), "alice"));
              watch.look();
            });
    run.until(now -> Optional.ofNullable(now.progress()).map(RunProgress::isPaused).orElse(false));
    again(() -> pausing.resume(run.id(), "alice"));
    return run;
  }

  private WholeRun cancelled(TestTarget target) throws Exception {
    WholeRun run = WholeRun.on(target);
    run.awaitWaiting();
    again(() -> cancellation.cancel(run.id(), "alice"));
    return run;
  }

  private static WholeRun takenBack(TestTarget target) throws Exception {
    WholeRun run = WholeRun.on(target, BACKED_UP);
    assertThat(run.until(now -> false).state()).isEqualTo(RunStateName.COMPLETED);
    return run.takenBack(BACKED_UP);
  }

  /** As a user does whose request was not answered. */
  private static void again(Runnable request) {
    try {
      request.run();
    } catch (Crash.Died e) {
      request.run();
    }
  }
}
