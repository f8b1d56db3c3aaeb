package io.whimbrel.monitoring.cleanup;

import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.progress;
import static io.whimbrel.monitoring.Runs.validated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.event.Phase;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.Database;
import io.whimbrel.monitoring.figures.Figures;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.figures.FiguresOf;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CleanupIT {
  private static final Instant LONG_AGO = Instant.parse("2001-02-03T12:00:00Z");
  private static final Instant THEN = Instant.parse("2002-01-01T00:00:00Z");

  @Inject Cleanup cleanup;
  @Inject CleanupRepository repository;
  @Inject FiguresOf figures;

  private final String target = "c-" + UUID.randomUUID();
  private final UUID ended = UUID.randomUUID();
  private final UUID active = UUID.randomUUID();
  private final UUID alerted = UUID.randomUUID();

  @Test
  void withoutAnIntervalNothingIsForgottenUntilSomebodyAsks() {
    publish(progress(ended, target, 1, RunStateName.COMPLETED, LONG_AGO));
    await().atMost(Duration.ofSeconds(40)).until(() -> runs() == 1);
    age();

    new Cleanup(repository, config("0")).bySchedule();
    assertThat(runs()).isEqualTo(1);
    new Cleanup(repository, config("1000")).bySchedule();
    assertThat(runs()).isZero();
  }

  private static CleanupConfig config(String interval) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .withSources(
            new EnvConfigSource(
                Map.of(
                    "MIGRATION_CLEANUP_INTERVAL",
                    interval,
                    // What ended after that day belongs to the other tests.
                    "MIGRATION_CLEANUP_RETENTION",
                    (Duration.between(LONG_AGO, Instant.now()).toDays() - 1) + "d"),
                300))
        .withConverter(Duration.class, 200, new DurationConverter())
        .withMapping(CleanupConfig.class)
        .build()
        .getConfigMapping(CleanupConfig.class);
  }

  @Test
  void whatIsOldIsForgottenButNeverWhatIsStillNeeded() {
    publish(
        progress(ended, target, 1, RunStateName.PLANNED, LONG_AGO.minusSeconds(3)),
        progress(ended, target, 2, RunStateName.COMPLETED, LONG_AGO),
        validated(ended, target, Phase.BEFORE, true),
        progress(active, target, 1, RunStateName.APPLYING, LONG_AGO),
        progress(alerted, target, 1, RunStateName.FAILED, LONG_AGO));
    await().atMost(Duration.ofSeconds(40)).until(() -> runs() == 3);
    age();
    Figures before = figures.period(Period.ALWAYS, target);

    CleanupPlan plan = cleanup.plan(THEN);
    assertThat(plan.dryRun()).isTrue();
    assertThat(plan.runs()).isEqualTo(1);
    assertThat(runs()).isEqualTo(3);

    CleanupPlan done = cleanup.carryOut(THEN);

    assertThat(done.dryRun()).isFalse();
    assertThat(Database.count("select count(*) from run_picture where run_id = ?", ended)).isZero();
    assertThat(runs()).isEqualTo(2);
    Figures after = figures.period(Period.ALWAYS, target);
    assertThat(after.runs()).isEqualTo(before.runs());
    assertThat(after.cleanedUntil()).isEqualTo(THEN);
    Period day =
        new Period(Instant.parse("2001-02-03T00:00:00Z"), Instant.parse("2001-02-04T00:00:00Z"));
    assertThat(figures.period(day, target).runs().succeeded()).isEqualTo(1);
    assertThat(cleanup.plan(THEN).runs()).isZero();
  }

  @Test
  void anOldDayOfTheLogIsDroppedUnlessAnActiveRunNeedsIt() {
    LocalDate free = LocalDate.of(2001, 3, 1);
    LocalDate needed = LocalDate.of(2001, 3, 2);
    publish(progress(active, target, 1, RunStateName.APPLYING, LONG_AGO));
    await().atMost(Duration.ofSeconds(40)).until(() -> runs() == 1);
    logged(free, ended);
    logged(needed, active);

    assertThat(cleanup.plan(THEN).days())
        .extracting(CleanupPlan.Day::day, CleanupPlan.Day::kept)
        .contains(
            org.assertj.core.groups.Tuple.tuple(free, false),
            org.assertj.core.groups.Tuple.tuple(needed, true));
    cleanup.carryOut(THEN);

    assertThat(cleanup.plan(THEN).days()).extracting(CleanupPlan.Day::day).containsOnly(needed);
    assertThat(cleanup.plan(Instant.now()).days())
        .extracting(CleanupPlan.Day::day)
        .doesNotContain(LocalDate.now(ZoneOffset.UTC));
  }

  private static void logged(LocalDate day, UUID runId) {
    Database.jdbi()
        .useHandle(
            handle -> {
              handle.execute("set session authorization default");
              handle.execute("set role " + Database.NAME);
              handle
                  .createQuery("select event_log_ensure(?)")
                  .bind(0, day)
                  .map((rs, ctx) -> true)
                  .one();
              handle.execute(
                  "insert into event_log (recorded_at, topic, kafka_partition, kafka_offset,"
                      + " event_id, source, run_id, occurred_at, payload)"
                      + " values (?, 'alert.raised', 0, 0, ?, '/test', ?, now(), '{}')",
                  day.atTime(12, 0).atOffset(ZoneOffset.UTC),
                  "e-" + UUID.randomUUID(),
                  runId);
              handle.execute("reset role");
            });
  }

  /** As if what is there had come when it happened. */
  private void age() {
    Database.jdbi()
        .useHandle(
            handle -> {
              handle.execute(
                  "update run_picture set first_seen = changed_at, last_seen = changed_at"
                      + " where target = ?",
                  target);
              handle.execute(
                  "update validation_outcome set recorded_at = completed_at where target = ?",
                  target);
            });
  }

  private long runs() {
    return Database.count("select count(*) from run_picture where target = ?", target);
  }
}
