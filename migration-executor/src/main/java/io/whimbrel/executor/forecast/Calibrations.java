package io.whimbrel.executor.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.executor.forecast.Forecast.Source;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** How fast targets are, as last measured, in the control database. */
@ApplicationScoped
public class Calibrations {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<Speed, Double>> SPEEDS = new TypeReference<>() {};

  private final Jdbi jdbi;

  Calibrations(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /**
   * What was measured, without corrections.
   *
   * @param age an older one is not found
   */
  @Transactional
  public Optional<Calibration> find(String target, Duration age) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from calibration
                    where target = :target
                      and measured_at > now() - :age * interval '1 millisecond'
                    """)
                .bind("target", target)
                .bind("age", age.toMillis())
                .map((rs, ctx) -> map(rs))
                .findOne());
  }

  /** Keeps a measurement instead of the last one. */
  @Transactional
  public void keep(String target, Calibration calibration) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into calibration (target, source, speeds)
                    values (:target, :source, cast(:speeds as jsonb))
                    on conflict (target) do update set measured_at = now(),
                      source = excluded.source, speeds = excluded.speeds
                    """)
                .bind("target", target)
                .bind("source", calibration.source().name())
                .bind("speeds", json(calibration.speeds()))
                .execute());
  }

  private static Calibration map(ResultSet rs) throws SQLException {
    try {
      return new Calibration(
          Source.valueOf(rs.getString("source")),
          rs.getObject("measured_at", OffsetDateTime.class).toInstant(),
          JSON.readValue(rs.getString("speeds"), SPEEDS),
          Map.of());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("speeds that are not ours", e);
    }
  }

  private static String json(Map<Speed, Double> speeds) {
    try {
      return JSON.writeValueAsString(speeds);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
