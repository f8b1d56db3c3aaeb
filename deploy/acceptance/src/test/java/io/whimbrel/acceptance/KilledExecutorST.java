package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.RunStateName;
import io.whimbrel.local.ServiceProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The executor is killed (SIGKILL) once, while it has a run at each of its steps; each test looks
 * at what became of one of them.
 */
@Disturbing
class KilledExecutorST {
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final int ROWS = 30_000;

  private final Suite suite;
  private final Held validating;
  private final Held backingUp;
  private final Held applying;
  private final Held batching;
  private final Held verifying;
  private Instant restarted = Instant.MAX;

  KilledExecutorST(Suite suite) {
    this.suite = suite;
    this.validating = held().script("V1__Validated.sql", "insert into item select 2;").asRun(2);
    this.backingUp = held().script("V1__BackedUp.sql", "insert into item select 2;").asRun(2);
    this.applying =
        held()
            .script("V1__Before.sql", "create table before (id int primary key);")
            .script(
                "V2__Applied.sql",
                "insert into item select generate_series(2, 300000);\n"
                    + Hold.GATE
                    + ";\ninsert into item select 300001;")
            .asRun(300_001);
    this.batching = batched();
    this.verifying =
        held()
            .script("V1__Verified.sql", "insert into item select 2;\n" + Hold.GATE + ";")
            .asRun(2);
  }

  @BeforeAll
  void killTheExecutorAtEveryStep() {
    ServiceProcess executor = suite.stack().service("migration-executor");
    ServiceProcess validation = suite.stack().service("validation-service");
    try (Hold table = Hold.table(backingUp.target, "item");
        Hold script = Hold.gate(applying.target);
        Hold batch = Hold.gate(batching.target)) {
      backingUp.begin(Map.of("validateBefore", false));
      applying.begin(Map.of());
      batching.begin(Map.of());
      try (Hold end = Hold.gate(verifying.target)) {
        verifying.begin(Map.of());
        end.awaitWaiter();
        table.awaitWaiter();
        script.awaitWaiter();
        batch.awaitWaiter();
        validation.pause();
      }
      verifying.awaitState("VERIFYING");
      validating.begin(Map.of());
      validating.awaitState("VALIDATING");
      backingUp.awaitState("BACKING_UP");
      applying.awaitState("APPLYING");
      batching.awaitState("APPLYING");

      executor.kill();
      validation.resume();
      executor.start();
      executor.awaitReady();
      restarted = Instant.now();
    }
  }

  @Test
  void aRunThatWasBeingValidatedCompletes() {
    assertCompleted(validating);
  }

  @Test
  void aRunThatWasBackingUpCompletes() {
    Run run = assertCompleted(backingUp);
    assertThat(run.json().path("backup").path("status").asText()).isEqualTo("VERIFIED");
    assertThat(run.attempts("BACK_UP")).isGreaterThan(1);
  }

  @Test
  void aRunWhoseScriptWasRunningCompletesAndTheScriptRanOnce() {
    Run run = assertCompleted(applying);
    assertThat(run.attempts("APPLY")).isGreaterThan(1);
  }

  @Test
  void aRunThatWasInABatchGoesOnBehindItsCheckpoint() {
    Run run = assertCompleted(batching);
    assertThat(batching.target.query("select count(*) from item where visits = 1"))
        .containsExactly(Integer.toString(ROWS));
    assertThat(run.json().path("migrations").path(0).path("rows").asLong()).isEqualTo(ROWS);
    assertThat(run.attempts("APPLY")).isGreaterThan(1);
  }

  @Test
  void aRunThatWasBeingVerifiedCompletes() {
    assertCompleted(verifying);
  }

  private Run assertCompleted(Held held) {
    Run run = suite.api().awaitEnd(held.id(), RECOVERY);
    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(run.finishedAt()).isBefore(restarted.plus(RECOVERY));
    assertThat(held.target.query("select count(*) from item"))
        .containsExactly(Integer.toString(held.rows));
    History.of(held.target).flywayAgrees();
    suite.invariantsHold(held.target);
    return run;
  }

  private Held held() {
    TestTarget target = suite.target("{ lockTimeout: 60s }");
    target.sql("create table item (id int primary key); insert into item values (1);");
    return new Held(target);
  }

  /** A backfill that stops in the middle of its third batch. */
  private Held batched() {
    TestTarget target = suite.target("{ lockTimeout: 60s }");
    target.sql(
        """
        create table item (id int primary key, visits int not null);
        insert into item select i, 0 from generate_series(1, %d) i;
        create function wait_at_gate() returns trigger language plpgsql as $$
        begin
          perform pg_advisory_xact_lock(4711);
          return new;
        end $$;
        create trigger wait_at_gate before update on item
          for each row when (new.id = 12345) execute function wait_at_gate();
        """
            .formatted(ROWS));
    target.script(
        "V1__Backfill.sql",
        """
        -- whimbrel:batch table=item key=id size=5000
        update item set visits = visits + 1;
        """);
    return new Held(target).asRun(ROWS);
  }

  /** A run that is held at one of its steps. */
  private final class Held {
    private final TestTarget target;
    private int rows;
    private UUID id = new UUID(0, 0);

    Held(TestTarget target) {
      this.target = target;
    }

    Held script(String file, String sql) {
      target.script(file, sql);
      return this;
    }

    /**
     * @param expected rows of the table item in the end
     */
    Held asRun(int expected) {
      rows = expected;
      target.effect("1", "select true");
      return this;
    }

    void begin(Map<String, ?> options) {
      id = suite.api().begin(target, options);
    }

    void awaitState(String state) {
      assertThat(suite.api().awaitState(id, state).state().name()).isEqualTo(state);
    }

    UUID id() {
      return id;
    }
  }
}
