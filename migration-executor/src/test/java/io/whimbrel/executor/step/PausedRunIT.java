package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.run.Pausing;
import io.whimbrel.executor.run.Pausing.Answer;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunProgress;
import io.whimbrel.executor.run.RunQueries;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@ExecutorIntegration
class PausedRunIT {
  private static final String SESSIONS =
      "select count(*) from pg_stat_activity where application_name like 'whimbrel:%'"
          + " and datname = current_database()";

  @Inject Pausing pausing;
  @Inject RunQueries queries;
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
  void aBackfillPausesBetweenTwoBatchesAndGoesOnWhenItIsResumed() throws Exception {
    target.file(
        "V2__b.sql", "-- whimbrel:batch table=users key=id size=1000\nupdate users set n = n + 1");
    WholeRun run =
        WholeRun.heldAt(
            2500,
            target,
            held -> {
              assertThat(pausing.pause(held.id(), "alice")).isEqualTo(Answer.NOTED);
              assertThat(pausing.pause(held.id(), "bob")).isEqualTo(Answer.NOTED);
              watch.look();
            });

    Run paused = run.until(PausedRunIT::saysPaused);
    assertThat(paused.state()).isEqualTo(RunStateName.APPLYING);
    assertThat(Optional.ofNullable(paused.progress()).map(RunProgress::message))
        .contains("Paused by alice");
    assertThat(target.value("select last_key from whimbrel.checkpoint")).isEqualTo("3000");
    run.awaitValue(SESSIONS, "0");
    assertThat(queries.steps(run.id()))
        .last()
        .extracting(RunQueries.StepLine::outcome)
        .isEqualTo("PAUSED");

    assertThat(pausing.resume(run.id(), "bob")).isEqualTo(Answer.NOTED);
    assertThat(pausing.resume(run.id(), "bob")).isEqualTo(Answer.NOTED);
    assertThat(run.until(now -> false).state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(target.value("select count(*) from users where n = 1")).isEqualTo("10000");
    assertThat(pausing.pause(run.id(), "alice")).isEqualTo(Answer.ENDED);
    assertThat(pausing.resume(run.id(), "alice")).isEqualTo(Answer.ENDED);
    assertThat(queries.eventsAfter(run.id(), 0))
        .anyMatch(event -> event.contains("Goes on, asked by bob"));
  }

  @Test
  void aRunThatIsPausedBeforeItsFirstBatchDoesNotTouchItsTarget() throws Exception {
    target.file("V2__a.sql", "select 1 from users where id = 1 for update");
    target.file("V3__b.sql", "-- whimbrel:batch table=users key=id\nupdate users set n = n + 1");
    WholeRun run =
        WholeRun.heldAt(
            1,
            target,
            held -> {
              assertThat(pausing.pause(held.id(), "alice")).isEqualTo(Answer.NOTED);
              watch.look();
            });
    run.until(PausedRunIT::saysPaused);
    assertThat(target.value("select max(version) from flyway_schema_history")).isEqualTo("2");
    assertThat(target.value("select count(*) from users where n = 0")).isEqualTo("10000");
    pausing.resume(run.id(), "alice");
    assertThat(run.until(now -> false).state()).isEqualTo(RunStateName.COMPLETED);
  }

  @Test
  void aRunWithoutBatchesCannotBePaused() throws Exception {
    target.file("V2__a.sql", "select 1 from users where id = 1 for update");
    WholeRun run =
        WholeRun.heldAt(
            1,
            target,
            held -> {
              assertThat(pausing.pause(held.id(), "alice")).isEqualTo(Answer.NO_BATCHES);
            });
    assertThat(run.until(now -> false).state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(pausing.pause(UUID.randomUUID(), "alice")).isEqualTo(Answer.UNKNOWN);
  }

  private static boolean saysPaused(Run run) {
    return Optional.ofNullable(run.progress()).map(RunProgress::isPaused).orElse(false);
  }
}
