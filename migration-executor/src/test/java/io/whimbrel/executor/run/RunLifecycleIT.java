package io.whimbrel.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.run.RunState.Move;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@ExecutorIntegration
class RunLifecycleIT {
  @Inject RunLifecycle lifecycle;
  @Inject RunRepository runs;
  @Inject RunQueries queries;
  @Inject RunTotals totals;
  @Inject DataSource control;

  @Test
  void everyIllegalMoveIsRefusedAndChangesNothing() throws SQLException {
    for (RunStateName from : RunStateName.values()) {
      for (RunStateName to : RunStateName.values()) {
        boolean legal = RunStateTest.LEGAL.getOrDefault(from, Set.of()).contains(to);
        if (!legal) {
          refuse(from, to);
        }
      }
    }
  }

  private void refuse(RunStateName actual, RunStateName to) throws SQLException {
    UUID id = runThatIs(actual);
    for (RunStateName from : RunStateTest.LEGAL.keySet()) {
      if (from == actual || !RunStateTest.LEGAL.get(from).contains(to)) {
        continue;
      }
      Claim claim = new Claim(id, "none", runs.find(id).orElseThrow().token(), from);
      assertThatThrownBy(
              () -> lifecycle.enter(claim, new Move(from, to), Announcement.says("illegal")))
          .as("%s to %s", actual, to)
          .isInstanceOf(StaleClaim.class);
    }
    assertThat(runs.find(id).orElseThrow().state()).isEqualTo(actual);
    assertThat(queries.eventsAfter(id, 0)).isEmpty();
  }

  @Test
  void whatHasEndedStaysAsItEndedWhoeverWritesTheRow() throws SQLException {
    UUID id = runThatIs(RunStateName.COMPLETED);
    assertThatThrownBy(() -> sql("update run set state = 'FAILED' where run_id = '" + id + "'"))
        .hasMessageContaining("has ended as COMPLETED");
  }

  @Test
  void runsAreCountedAsTheyEnd() throws SQLException {
    sql(
        "insert into run (run_id, operation, target, state, request, source, may_lose_data,"
            + " requested_at, started_at, finished_at) select gen_random_uuid(), 'EXECUTE',"
            + " 'counted', case when n > 3 then 'COMPLETED' else 'FAILED' end, '{}', 'test', false,"
            + " now(), now(), now() + interval '3 s' from generate_series(1, 10) n");
    UUID ends = runThatIs(RunStateName.APPLYING);
    awaitCounted();
    sql(
        "update run set state = 'COMPLETED', active = false, started_at = now(),"
            + " finished_at = now() + interval '7 s' where run_id = '"
            + ends
            + "'");
    sql("update run set progress = '{}' where run_id = '" + ends + "'");
    awaitCounted();
    totals.addUp();
    awaitCounted();
    assertThat(count("ended_runs where state = 'FAILED'")).isEqualTo(1);
  }

  // Other runs may end meanwhile.
  private void awaitCounted() {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              for (RunTotals.Total total : totals.byState()) {
                String these = "run where state = '" + total.state() + "'";
                assertThat(total.runs()).as(these).isEqualTo(count(these));
                assertThat(total.averageMs() == null ? -1 : total.averageMs())
                    .as(these)
                    .isCloseTo(milliseconds(these), within(0.01));
              }
              assertThat(totals.byState())
                  .hasSize((int) count("(select distinct state from run) s"));
            });
  }

  private double milliseconds(String these) {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select coalesce(avg(extract(epoch from finished_at - started_at) * 1000), -1)"
                    + " from "
                    + these)) {
      row.next();
      return row.getDouble(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theSchemaAllowsOneActiveRunPerTarget() throws SQLException {
    String target = target();
    insert(UUID.randomUUID(), target, RunStateName.APPLYING);
    assertThatThrownBy(() -> insert(UUID.randomUUID(), target, RunStateName.VALIDATING))
        .hasMessageContaining("run_one_active_per_target");
  }

  @Test
  void duplicateRequestIsTheSameRun() {
    MigrationRequested request = request(UUID.randomUUID(), target());
    assertThat(lifecycle.request(request, "test", false, Instant.now())).isTrue();
    assertThat(lifecycle.request(request, "test", false, Instant.now())).isFalse();
    awaitState(request.runId(), RunStateName.REJECTED);
    assertThat(queries.eventsAfter(request.runId(), 0)).hasSize(2);
  }

  @Test
  void nothingIsTracedUnlessItIsAskedFor() throws SQLException {
    MigrationRequested request = request(UUID.randomUUID(), target());
    SpanContext caller =
        SpanContext.createFromRemoteParent(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    Runnable requested = () -> lifecycle.request(request, "test", false, Instant.now());
    Context.root().with(Span.wrap(caller)).wrap(requested).run();

    assertThat(runs.find(request.runId()).orElseThrow().trace()).isNull();
    assertThat(
            count(
                "outbox where key = '%s' and 'ce_traceparent' = any (header_names)"
                    .formatted(request.target())))
        .isZero();
  }

  @Test
  @Timeout(60)
  void aDuplicateRequestDoesNotWaitForWhoMovesTheRun() throws SQLException {
    UUID id = UUID.randomUUID();
    String target = target();
    insert(id, target, RunStateName.BACKING_UP);
    try (Connection mover = control.getConnection();
        Statement statement = mover.createStatement()) {
      mover.setAutoCommit(false);
      statement.execute("update run set state = 'APPLYING' where run_id = '" + id + "'");
      assertThat(lifecycle.request(request(id, target), "test", false, Instant.now())).isFalse();
      mover.rollback();
    }
  }

  @Test
  void aNewClaimMakesTheOldOneStale() throws SQLException {
    UUID id = runThatIs(RunStateName.BACKING_UP);
    Claim frozen = lifecycle.claim(id, Step.BACK_UP, RunStateName.BACKING_UP);
    Claim fresh = lifecycle.claim(id, Step.BACK_UP, RunStateName.BACKING_UP);
    assertThat(fresh.token()).isGreaterThan(frozen.token());
    assertThatThrownBy(() -> lifecycle.progress(frozen, RunProgress.says("still here")))
        .isInstanceOf(StaleClaim.class);
    lifecycle.progress(fresh, RunProgress.says("here"));
  }

  @Test
  void theEndOfARunTellsHowOftenItsStepsWereTriedAgain() throws SQLException {
    UUID id = runThatIs(RunStateName.APPLYING);
    lifecycle.claim(id, Step.APPLY, RunStateName.APPLYING);
    lifecycle.claim(id, Step.APPLY, RunStateName.APPLYING);
    runs.endStep(id, Step.APPLY, "PAUSED");
    Claim last = lifecycle.claim(id, Step.APPLY, RunStateName.APPLYING);
    runs.endStep(id, Step.APPLY, "FAILED");
    lifecycle.enter(last, new RunState.Applying().failed(), Announcement.says("for a test"));

    assertThat(queries.eventsAfter(id, 0))
        .singleElement()
        .asString()
        .as("a pause is no failure; and nothing was used here that could be told")
        .contains("\"spent\": {\"retries\": 1}");
  }

  @Test
  void whatIsRolledBackHasNeitherRunNorEventNorStep() {
    MigrationRequested request = request(UUID.randomUUID(), target());
    assertThatThrownBy(
            () ->
                QuarkusTransaction.requiringNew()
                    .run(
                        () -> {
                          lifecycle.request(request, "test", false, Instant.now());
                          throw new IllegalStateException("on purpose");
                        }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(runs.find(request.runId())).isEmpty();
    assertThat(count("outbox where key = '" + request.target() + "'")).isZero();
    assertThat(count("scheduled_tasks where task_instance = '" + request.runId() + "'")).isZero();
  }

  @Test
  void fiftyRequestsAtOnceForOneTargetAllEndOneAfterTheOther() throws Exception {
    String target = target();
    List<UUID> ids = new ArrayList<>();
    List<Callable<Boolean>> requests = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      MigrationRequested request = request(UUID.randomUUID(), target);
      ids.add(request.runId());
      requests.add(() -> lifecycle.request(request, "test", false, Instant.now()));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (Future<Boolean> requested : threads.invokeAll(requests)) {
        assertThat(requested.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    ids.forEach(id -> awaitState(id, RunStateName.REJECTED));
    assertThat(
            count(
                "run a join run b on a.target = b.target and a.position < b.position"
                    + " and b.started_at < a.finished_at where a.target = '"
                    + target
                    + "'"))
        .as("runs of one target that overlap")
        .isZero();
  }

  private void awaitState(UUID id, RunStateName state) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> runs.find(id).orElseThrow().state() == state);
  }

  private static MigrationRequested request(UUID id, String target) {
    return new MigrationRequested(
        id, Operation.EXECUTE, target, null, null, null, null, null, null, "tester", null, null);
  }

  private static String target() {
    return "t-" + UUID.randomUUID();
  }

  private UUID runThatIs(RunStateName state) throws SQLException {
    UUID id = UUID.randomUUID();
    insert(id, target(), state);
    return id;
  }

  private void insert(UUID id, String target, RunStateName state) throws SQLException {
    boolean active = !state.terminal() && state != RunStateName.REQUESTED;
    sql(
        """
        insert into run (run_id, operation, target, state, active, request, source, may_lose_data,
          requested_at, finished_at)
        values ('%s', 'EXECUTE', '%s', '%s', %s,
          '{"runId":"%s","operation":"EXECUTE","target":"%s"}', 'test', false, now(), %s)
        """
            .formatted(id, target, state, active, id, target, state.terminal() ? "now()" : "null"));
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private long count(String from) {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + from)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
