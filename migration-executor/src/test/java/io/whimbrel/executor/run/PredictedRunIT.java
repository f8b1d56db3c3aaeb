package io.whimbrel.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.forecast.Calibration;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.forecast.Predictions;
import io.whimbrel.executor.impact.Facts;
import io.whimbrel.executor.impact.ServerImpact;
import io.whimbrel.executor.impact.TargetImpact;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ExecutorIntegration
class PredictedRunIT {
  @Inject RunMigrations migrations;
  @Inject Predictions predictions;
  @Inject DataSource control;

  @Test
  void aRunTakesTheLastPredictionOfTheSameScriptAlong() throws SQLException {
    Forecast forecast =
        Forecast.of(
            List.of(
                Facts.script("V1__a.sql", Facts.of("CREATE TABLE")),
                Facts.script("V2__b.sql", Facts.of("CREATE TABLE"))),
            new TargetImpact(
                Instant.EPOCH,
                new ServerImpact(18, null, List.of(), List.of()),
                List.of(),
                List.of(),
                List.of()),
            Calibration.DEFAULTS);
    predictions.keep("predicted", forecast, Map.of("V1__a.sql", 1, "V2__b.sql", 2));
    UUID run = UUID.randomUUID();
    insert(run);
    migrations.plan(run, List.of(planned("V1__a.sql", 1), planned("V2__b.sql", 99)));
    assertThat(migrations.of(run).get(0).predicted())
        .satisfies(
            predicted ->
                assertThat(predicted.medianMs())
                    .isEqualTo(forecast.scripts().get(0).duration().medianMs()));
    assertThat(migrations.of(run).get(1).predicted()).as("its text has changed since").isNull();
    migrations.applied(run, 0, new RunMigrations.Figures(5, 0, 0, null, List.of()), null);
    assertThat(predictions.outcomes("predicted", 10)).hasSize(1);
  }

  private static RunPlan.PlannedMigration planned(String script, int checksum) {
    return new RunPlan.PlannedMigration(
        script, "VERSIONED", null, "a", checksum, false, null, null);
  }

  private void insert(UUID run) throws SQLException {
    try (Connection connection = control.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into run (run_id, operation, target, state, request, source, may_lose_data,
            requested_at, finished_at)
          values ('%s', 'EXECUTE', 'predicted', 'COMPLETED', '{}', 'test', false, now(), now())
          """
              .formatted(run));
    }
  }
}
