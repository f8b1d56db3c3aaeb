package io.whimbrel.executor.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.executor.forecast.Calibration.Correction;
import io.whimbrel.executor.forecast.Forecast.ScriptForecast;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * What was predicted, and what it came to. A plan keeps its predictions here; the run that applies
 * a script of the same checksum takes the last one along.
 */
@ApplicationScoped
public class Predictions {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Jdbi jdbi;

  Predictions(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * A prediction beside what it came to.
   *
   * @param at when the migration's run ended; null while it is underway
   */
  public record Outcome(
      UUID run, String script, @Nullable Instant at, Prediction predicted, long actualMs) {

    /** The share of the actual duration by which the median was off. */
    public double error() {
      return Math.abs(predicted.medianMs() - actualMs) / Math.max(1, actualMs);
    }

    public boolean inside() {
      return predicted.contains((double) actualMs);
    }
  }

  /**
   * Keeps what was predicted for the scripts of a plan instead of what was kept for them.
   *
   * @param checksums by script, as the run will record them; a repeatable one is planned anew each
   *     time, so one that is missing has none
   */
  @Transactional
  public void keep(String target, Forecast forecast, Map<String, Integer> checksums) {
    if (forecast.scripts().isEmpty()) {
      return;
    }
    jdbi.useHandle(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch(
                  """
                  insert into prediction (target, script, checksum, predicted)
                  values (:target, :script, :checksum, cast(:predicted as jsonb))
                  on conflict (target, script) do update set predicted_at = now(),
                    checksum = excluded.checksum, predicted = excluded.predicted
                  """);
          forecast.scripts().stream()
              .sorted(Comparator.comparing(ScriptForecast::script))
              .forEach(
                  script ->
                      batch
                          .bind("target", target)
                          .bind("script", script.script())
                          .bind("checksum", checksums.get(script.script()))
                          .bind("predicted", json(Prediction.of(script)))
                          .add());
          batch.execute();
        });
  }

  /**
   * Migrations that were predicted and applied, the newest first.
   *
   * @param target null for those of all
   */
  @Transactional
  public List<Outcome> outcomes(@Nullable String target, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select r.run_id, m.script, r.finished_at, m.predicted, m.duration_ms
                    from run r join run_migration m using (run_id)
                    where m.predicted is not null and m.duration_ms is not null
                      and m.state in ('APPLIED', 'UNDONE') and r.operation = 'EXECUTE'
                      and (cast(:target as text) is null or r.target = :target)
                    order by r.position desc, m.position desc limit :limit
                    """)
                .bind("target", target)
                .bind("limit", limit)
                .map((rs, ctx) -> outcome(rs))
                .list());
  }

  /** By what the speeds of a target have to be corrected. */
  public Map<WorkKind, Correction> corrections(String target, int limit) {
    return Corrections.of(outcomes(target, limit));
  }

  private static Outcome outcome(ResultSet rs) throws SQLException {
    OffsetDateTime at = rs.getObject("finished_at", OffsetDateTime.class);
    return new Outcome(
        rs.getObject("run_id", UUID.class),
        rs.getString("script"),
        at == null ? null : at.toInstant(),
        read(rs.getString("predicted")),
        rs.getLong("duration_ms"));
  }

  /** A prediction from its JSON. */
  public static Prediction read(String json) {
    try {
      return JSON.readValue(json, Prediction.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a prediction that is not ours", e);
    }
  }

  private static String json(Prediction prediction) {
    try {
      return JSON.writeValueAsString(prediction);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
