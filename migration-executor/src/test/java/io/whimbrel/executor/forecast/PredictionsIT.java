package io.whimbrel.executor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.whimbrel.executor.forecast.Forecast.ScriptForecast;
import io.whimbrel.executor.forecast.Forecast.Source;
import io.whimbrel.executor.forecast.Forecast.StatementForecast;
import io.whimbrel.executor.forecast.Forecast.WorkForecast;
import io.whimbrel.executor.forecast.Predictions.Outcome;
import io.whimbrel.local.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class PredictionsIT {
  private final PGSimpleDataSource control = new PGSimpleDataSource();
  private Predictions predictions;

  @BeforeEach
  void create() {
    control.setUrl(EmbeddedPostgres.shared().createDatabase("predictions"));
    Flyway.configure().dataSource(control).locations("db/executor").load().migrate();
    predictions = new Predictions(control);
  }

  @Test
  void aPredictionStandsBesideWhatItCameTo() throws SQLException {
    predictions.keep("orders", forecast(1000), Map.of("V1__a.sql", 7));
    predictions.keep("orders", forecast(100), Map.of("V1__a.sql", 7));
    run("APPLIED", 200L);
    List<Outcome> outcomes = predictions.outcomes("orders", 10);
    assertThat(outcomes).hasSize(1);
    Outcome outcome = outcomes.get(0);
    assertThat(outcome.predicted().medianMs()).as("the last one counts").isEqualTo(100);
    assertThat(outcome.actualMs()).isEqualTo(200);
    assertThat(outcome.error()).isCloseTo(0.5, within(1e-9));
    assertThat(outcome.inside()).isTrue();
    assertThat(predictions.outcomes("others", 10)).isEmpty();
    assertThat(predictions.outcomes(null, 10)).hasSize(1);
    assertThat(predictions.corrections("orders", 10))
        .hasEntrySatisfying(
            WorkKind.REWRITE, c -> assertThat(c.meanLog()).isCloseTo(Math.log(2), within(1e-6)));
  }

  @Test
  void whatHasNotBeenAppliedSaysNothing() throws SQLException {
    predictions.keep("orders", forecast(100), Map.of("V1__a.sql", 7));
    run("FAILED", null);
    assertThat(predictions.outcomes("orders", 10)).isEmpty();
  }

  @Test
  void theMetricsAreNotANumberUntilSomethingIsKnown() throws SQLException {
    ForecastError unknown = new ForecastError(predictions);
    assertThat(unknown.medianError()).isNaN();
    predictions.keep("orders", forecast(100), Map.of("V1__a.sql", 7));
    run("APPLIED", 125L);
    ForecastError known = new ForecastError(predictions);
    assertThat(known.medianError()).isCloseTo(0.2, within(1e-9));
    assertThat(known.inside()).isEqualTo(1);
  }

  @Test
  void aMeasurementIsFoundUntilItIsTooOld() throws SQLException {
    Calibrations calibrations = new Calibrations(control);
    assertThat(calibrations.find("orders", Duration.ofDays(1))).isEmpty();
    calibrations.keep(
        "orders",
        new Calibration(Source.TEMPORARY_TABLE, Instant.now(), Map.of(Speed.SORT, 5.5), Map.of()));
    Calibration found = calibrations.find("orders", Duration.ofDays(1)).orElseThrow();
    assertThat(found.source()).isEqualTo(Source.TEMPORARY_TABLE);
    assertThat(found.nanos(Speed.SORT)).isEqualTo(5.5);
    assertThat(found.nanos(Speed.REWRITE_ROW)).isEqualTo(Speed.REWRITE_ROW.usual());
    execute("update calibration set measured_at = now() - interval '25 hours'");
    assertThat(calibrations.find("orders", Duration.ofDays(1))).isEmpty();
  }

  private static Forecast forecast(double ms) {
    Estimate estimate = new Estimate(ms, ms / 2, ms * 2);
    WorkForecast work = new WorkForecast(WorkKind.REWRITE, null, 1, 1, estimate, ms);
    StatementForecast statement = new StatementForecast(1, 1, estimate, List.of(work), null);
    ScriptForecast script = new ScriptForecast("V1__a.sql", estimate, List.of(statement));
    return new Forecast(
        estimate, List.of(script), List.of(), Forecast.Basis.of(Calibration.DEFAULTS));
  }

  /** A run that took the prediction along, as its planning does. */
  private void run(String state, @Nullable Long ms) throws SQLException {
    execute(
        """
        with r as (
          insert into run (run_id, operation, target, state, request, source, may_lose_data,
            requested_at, finished_at)
          values (gen_random_uuid(), 'EXECUTE', 'orders', 'COMPLETED', '{}', 'test', false, now(),
            now()) returning run_id)
        insert into run_migration (run_id, position, script, kind, description, checksum, state,
          duration_ms, predicted)
        select run_id, 0, 'V1__a.sql', 'VERSIONED', 'a', 7, '%s', %s,
          (select predicted from prediction where script = 'V1__a.sql') from r
        """
            .formatted(state, ms));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
