package io.whimbrel.acceptance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What has to be true of a target after whatever happened to it, as far as one sees outside. */
final class Invariants {

  private final Suite suite;

  Invariants(Suite suite) {
    this.suite = suite;
  }

  /** Checks a target whose runs have all been waited for. */
  void hold(TestTarget target) {
    List<Run> runs = suite.api().runs(target);
    assertThat(runs).as("runs of " + target.name()).isNotEmpty();
    historyEqualsEffects(target);
    neverTwoAtOnce(runs);
    for (Run run : runs) {
      assertThat(run.ended()).as("run %s has ended: %s", run.id(), run.state()).isTrue();
      progressEqualsTheRun(run);
      oneAlertPerCause(run);
    }
    nothingIsLeft(target, runs);
  }

  /** I1: a migration is in the history as applied if and only if its effects are there. */
  private static void historyEqualsEffects(TestTarget target) {
    Set<String> applied = History.of(target).applied();
    target
        .effects()
        .forEach(
            (version, effect) ->
                assertThat(target.holds(effect))
                    .as("effect of %s of %s", version, target.name())
                    .isEqualTo(applied.contains(version)));
  }

  /** I2: a target has one active run at a time. */
  private static void neverTwoAtOnce(List<Run> runs) {
    List<Run> begun =
        runs.stream()
            .filter(run -> run.json().hasNonNull("startedAt"))
            .sorted((a, b) -> a.startedAt().compareTo(b.startedAt()))
            .toList();
    for (int i = 1; i < begun.size(); i++) {
      assertThat(begun.get(i).startedAt())
          .as("%s begins after %s", begun.get(i).id(), begun.get(i - 1).id())
          .isAfterOrEqualTo(begun.get(i - 1).finishedAt());
    }
  }

  /** I3 and I4: the events tell the run without a gap and without a way back, up to its end. */
  private void progressEqualsTheRun(Run run) {
    await("the end of run " + run.id() + " in its events")
        .atMost(Api.PATIENCE)
        .until(() -> lastState(run).equals(run.state().name()));
    SortedMap<Long, JsonNode> events = progress(run);
    assertThat(events.lastKey()).as("gaps in run %s", run.id()).isEqualTo(events.size());
    RunStateName before = RunStateName.REQUESTED;
    for (JsonNode event : events.values()) {
      RunStateName state = RunStateName.valueOf(event.path("state").asText());
      assertThat(state)
          .as("state of run %s after %s", run.id(), before)
          .isGreaterThanOrEqualTo(before);
      assertThat(before.terminal()).as("run %s ends once", run.id()).isFalse();
      before = state;
    }
    assertThat(suite.api().published(run.id()).stream().map(Invariants::said).toList())
        .isEqualTo(events.values().stream().map(Invariants::said).toList());
  }

  private static String said(JsonNode event) {
    return "%s %s %s".formatted(event.path("sequence"), event.path("state"), event.path("message"));
  }

  private String lastState(Run run) {
    String state = "";
    for (JsonNode event : progress(run).values()) {
      state = event.path("state").asText();
    }
    return state;
  }

  /** The events by sequence; copies of one are the same. */
  SortedMap<Long, JsonNode> progress(Run run) {
    SortedMap<Long, JsonNode> events = new TreeMap<>();
    for (JsonNode event : suite.kafka().events(Topics.MIGRATION_PROGRESS, run.id())) {
      JsonNode copy = events.put(event.path("sequence").asLong(), event);
      if (copy != null) {
        assertThat(event).as("copies of one event are equal").isEqualTo(copy);
      }
    }
    return events;
  }

  /** I5: what ended badly has its alert, and all copies of an alert carry one id. */
  private void oneAlertPerCause(Run run) {
    Set<RunStateName> bad =
        EnumSet.of(RunStateName.FAILED, RunStateName.ROLLED_BACK, RunStateName.ROLLBACK_FAILED);
    if (bad.contains(run.state())) {
      await("an alert for run " + run.id())
          .atMost(Api.PATIENCE)
          .until(() -> !suite.kafka().events(Topics.ALERT_RAISED, run.id()).isEmpty());
    }
    Map<String, Set<String>> ids =
        suite.kafka().events(Topics.ALERT_RAISED, run.id()).stream()
            .collect(
                groupingBy(
                    alert -> alert.path("deduplicationKey").asText(),
                    mapping(alert -> alert.path("alertId").asText(), toSet())));
    ids.forEach((cause, alerts) -> assertThat(alerts).as(cause).hasSize(1));
  }

  /** No session, lock, invalid index or scratch database outlives the runs. */
  private static void nothingIsLeft(TestTarget target, List<Run> runs) {
    List<String> databases = target.query("select datname from pg_database");
    for (Run run : runs) {
      String id = run.id().toString().replace("-", "");
      assertThat(databases.stream().filter(name -> name.contains(id)))
          .as("scratch databases of %s", run)
          .isEmpty();
    }
    await("sessions on " + target.name() + " to be gone or idle")
        .atMost(Api.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        target.query(
                            """
                            select application_name || ': ' || state || ' ' || query
                            from pg_stat_activity
                            where datname = current_database() and pid <> pg_backend_pid()
                              and state <> 'idle'
                            union all
                            select 'lock ' || locktype || ' of ' || pid from pg_locks
                            where locktype = 'advisory'
                              and database = (select oid from pg_database
                                              where datname = current_database())
                            union all
                            select 'invalid index ' || indexrelid::regclass from pg_index
                            where not indisvalid
                            """))
                    .isEmpty());
  }
}
