package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.Cancellation;
import io.whimbrel.executor.run.Cancellation.Answer;
import io.whimbrel.executor.run.Claim;
import io.whimbrel.executor.run.CommitIntents;
import io.whimbrel.executor.run.MigrationState;
import io.whimbrel.executor.run.Pausing;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.executor.run.RunMigrations;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.RunWishes;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@ExecutorIntegration
class CancelledRunIT {
  private static final String VERSIONS =
      "select string_agg(version, ' ' order by installed_rank) from flyway_schema_history";
  private static final String WORKING =
      "select count(*) from pg_stat_activity where application_name like 'whimbrel:%'"
          + " and datname = current_database()";

  @Inject Cancellation cancellation;
  @Inject Pausing pausing;
  @Inject RunMigrations migrations;
  @Inject CommitIntents intents;
  @Inject RunWishes wishes;
  @Inject WishWatch watch;
  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void aTable() throws Exception {
    target = new TestTarget(directory);
    target.execute(
        "create table users (id bigint primary key, n int not null default 0);"
            + "insert into users select g from generate_series(1, 10000) g");
  }

  @Test
  void aStatementAtWorkEndsAtOnceAndNothingOfTheRunIsThere() throws Exception {
    target.file("V2__a.sql", "update users set n = 1; select pg_sleep(600)");
    WholeRun run = WholeRun.on(target);
    run.awaitWaiting();

    assertThat(cancellation.cancel(run.id(), "alice")).isEqualTo(Answer.NOTED);
    Run ended = run.until(now -> false);

    assertThat(ended.state()).isEqualTo(RunStateName.CANCELLED);
    assertThat(message(ended)).contains("Cancelled by alice; nothing was applied");
    assertThat(target.value(VERSIONS)).isEqualTo("1");
    assertThat(target.value("select max(n) from users")).isEqualTo("0");
    assertThat(states(run)).containsExactly(MigrationState.PENDING);
    run.awaitValue(WORKING, "0");
    assertThat(cancellation.cancel(run.id(), "alice")).isEqualTo(Answer.ENDED);
    assertThat(pausing.pause(run.id(), "alice")).isEqualTo(Pausing.Answer.ENDED);
  }

  @Test
  void whatWasCommittedBeforeStaysAndIsNamed() throws Exception {
    target.file("V2__a.sql", "update users set n = 1");
    target.file("V3__b.sql", "select pg_sleep(600)");
    WholeRun run = WholeRun.on(target);
    run.awaitWaiting();

    assertThat(cancellation.cancel(run.id(), "alice")).isEqualTo(Answer.NOTED);
    Run ended = run.until(now -> false);

    assertThat(ended.state()).isEqualTo(RunStateName.FAILED);
    assertThat(Optional.ofNullable(ended.error()).map(RunError::message))
        .contains(
            "Cancelled by alice. What was committed before stays: V2__a.sql. Request the run again"
                + " to go on, or roll it back");
    assertThat(target.value(VERSIONS)).isEqualTo("1 2");
    assertThat(states(run)).containsExactly(MigrationState.APPLIED, MigrationState.PENDING);
  }

  @Test
  void theBatchesBeforeStayAndABatchThatWaitsForALockEndsAtOnce() throws Exception {
    target.file(
        "V2__b.sql", "-- whimbrel:batch table=users key=id size=1000\nupdate users set n = n + 1");
    WholeRun run =
        WholeRun.heldAt(
            2500,
            target,
            held -> {
              assertThat(cancellation.cancel(held.id(), "alice")).isEqualTo(Answer.NOTED);
              assertThat(held.until(now -> false).state()).isEqualTo(RunStateName.FAILED);
            });

    assertThat(Optional.ofNullable(run.now().error()).map(RunError::message).orElse(""))
        .contains("stays: 2000 rows in batches of V2__b.sql");
    assertThat(states(run)).containsExactly(MigrationState.FAILED);

    WholeRun again = WholeRun.on(target);
    assertThat(again.until(now -> false).state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("10000");
  }

  @Test
  void aPausedRunIsCancelled() throws Exception {
    target.file(
        "V2__b.sql", "-- whimbrel:batch table=users key=id size=1000\nupdate users set n = n + 1");
    WholeRun run =
        WholeRun.heldAt(
            500,
            target,
            held -> {
              pausing.pause(held.id(), "alice");
              watch.look();
            });
    run.until(now -> Optional.ofNullable(now.progress()).map(RunProgress::isPaused).orElse(false));

    assertThat(cancellation.cancel(run.id(), "bob")).isEqualTo(Answer.NOTED);

    assertThat(run.until(now -> false).state()).isEqualTo(RunStateName.FAILED);
    assertThat(Optional.ofNullable(run.now().error()).map(RunError::message).orElse(""))
        .contains("Cancelled by bob", "1000 rows in batches");
  }

  @Test
  void cancellingAndTheLastCommitExcludeEachOther() throws Exception {
    target.file("V2__a.sql", "select 1 from users where id = 1 for update");
    WholeRun run =
        WholeRun.heldAt(
            1,
            target,
            held -> {
              Claim claim = new Claim(held.id(), "", held.now().token(), RunStateName.APPLYING);
              assertThat(wishes.seal(claim)).isTrue();
              assertThat(cancellation.cancel(held.id(), "alice")).isEqualTo(Answer.TOO_LATE);

              wishes.unseal(claim);
              assertThat(cancellation.cancel(held.id(), "alice")).isEqualTo(Answer.NOTED);
              assertThat(cancellation.cancel(held.id(), "bob")).isEqualTo(Answer.NOTED);
              assertThat(intents.aboutToCommit(claim, 0, "1", null, null, true)).isFalse();
              assertThat(wishes.seal(claim)).isFalse();
            });
    assertThat(run.until(now -> false).state()).isEqualTo(RunStateName.CANCELLED);
    assertThat(message(run.now())).contains("Cancelled by alice; nothing was applied");
  }

  @Test
  void wheneverARunIsCancelledItsAnswerItsStateAndItsTargetAgree() throws Exception {
    List<Predicate<WholeRun>> moments =
        List.of(
            run -> run.now().state() == RunStateName.APPLYING,
            run -> migration(run).map(RunMigration::state).orElse(null) == MigrationState.APPLYING,
            run -> migration(run).map(RunMigration::xid).isPresent(),
            run -> migration(run).map(RunMigration::state).orElse(null) == MigrationState.APPLIED);
    for (int i = 0; i < 20; i++) {
      int version = i + 2;
      target.file("V" + version + "__s.sql", "create table t" + version + " ()");
      WholeRun run = WholeRun.on(target);
      while (!moments.get(i % moments.size()).test(run) && !run.now().state().terminal()) {
        Thread.onSpinWait();
      }
      Answer answer = cancellation.cancel(run.id(), "alice");
      RunStateName state = run.until(now -> false).state();

      assertThat(state)
          .as("after the answer %s", answer)
          .isEqualTo(answer == Answer.TOO_LATE ? RunStateName.COMPLETED : RunStateName.CANCELLED);
      String there = "select to_regclass('t" + version + "') is not null";
      assertThat(target.value(there)).isEqualTo(answer == Answer.TOO_LATE ? "t" : "f");
      assertThat(
              target.value(
                  "select count(*) from flyway_schema_history where version = '" + version + "'"))
          .isEqualTo(answer == Answer.TOO_LATE ? "1" : "0");
      if (state == RunStateName.CANCELLED) {
        target.file("V" + version + "__s.sql", "select 1");
        assertThat(WholeRun.on(target).until(now -> false).state())
            .isEqualTo(RunStateName.COMPLETED);
      }
    }
    assertThat(cancellation.cancel(UUID.randomUUID(), "alice")).isEqualTo(Answer.UNKNOWN);
  }

  private Optional<RunMigration> migration(WholeRun run) {
    return migrations.of(run.id()).stream().findFirst();
  }

  private List<MigrationState> states(WholeRun run) {
    return migrations.of(run.id()).stream().map(RunMigration::state).toList();
  }

  private static String message(Run run) {
    return Optional.ofNullable(run.progress()).map(RunProgress::message).orElse("");
  }
}
