package io.whimbrel.monitoring.figures;

import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.MonitoringConfig;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RunMetersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  @TestHTTPResource(value = "/metrics", management = true)
  String management = "";

  @Inject FigureRepository repository;
  @Inject EventFigureRepository eventFigures;
  @Inject MonitoringConfig config;

  @Test
  void prometheusSeesRunsAlertsAndEvents() {
    String target = "meters-" + UUID.randomUUID();
    endRun(target, RunStateName.FAILED);

    String labels = "{operation=\"execute\",outcome=\"failed\",target=\"" + target + "\"}";
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              String page = RestAssured.get(management).asString();
              assertThat(page)
                  .contains("whimbrel_runs_total" + labels + " 1.0")
                  .contains("whimbrel_run_duration_seconds_sum" + labels + " 5.0")
                  .contains("whimbrel_alerts_raised_total{kind=\"run_failed\",severity=\"error\"}")
                  .contains("whimbrel_events_ingested_total{topic=\"migration.progress\"}");
            });
  }

  @Test
  void aRestartedServiceShowsTheSameFigures() {
    String target = "restart-" + UUID.randomUUID();
    endRun(target, RunStateName.COMPLETED);
    endRun(target, RunStateName.COMPLETED);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                repository.runs(Figures.Period.ALWAYS, target).stream()
                        .filter(count -> count.state() == RunStateName.COMPLETED)
                        .mapToLong(RunCount::runs)
                        .sum()
                    == 2);

    SimpleMeterRegistry fresh = new SimpleMeterRegistry();
    new RunMeters(repository, eventFigures, config, fresh).refresh();

    assertThat(
            fresh
                .get("whimbrel.runs")
                .tags("target", target, "outcome", "completed")
                .functionCounter()
                .count())
        .isEqualTo(2);
  }

  private static void endRun(String target, RunStateName end) {
    UUID runId = UUID.randomUUID();
    publish(
        progress(runId, target, 1, RunStateName.PLANNED, NOON),
        progress(runId, target, 2, end, NOON.plusSeconds(5)));
  }
}
