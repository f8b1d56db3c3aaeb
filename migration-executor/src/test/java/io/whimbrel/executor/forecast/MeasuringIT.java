package io.whimbrel.executor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.whimbrel.executor.forecast.Forecast.Source;
import io.whimbrel.executor.impact.Bed;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class MeasuringIT {
  private static final Calibration FAST =
      new Calibration(Source.SCRATCH_DATABASE, Instant.EPOCH, Map.of(Speed.SORT, 7.0), Map.of());

  private final Bed bed = Bed.newest();
  private final Target target = bed.target();
  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicInteger begun = new AtomicInteger();
  private Calibrations calibrations;
  private Measuring measuring;
  private Forecasting forecasting;

  @BeforeEach
  void begin() {
    PGSimpleDataSource control = new PGSimpleDataSource();
    control.setUrl(EmbeddedPostgres.shared().createDatabase("measuring"));
    Flyway.configure().dataSource(control).locations("db/executor").load().migrate();
    calibrations = new Calibrations(control);
    measure(
        (target, stop) -> {
          begun.incrementAndGet();
          try {
            done.await();
          } catch (InterruptedException e) {
            throw new SQLException(e);
          }
          return FAST;
        });
    forecasting = new Forecasting(calibrations, measuring, new Predictions(control), config());
  }

  private void measure(Measuring.Measure measure) {
    measuring = new Measuring(calibrations, measure);
  }

  @AfterEach
  void end() {
    done.countDown();
    measuring.close();
  }

  @Test
  void aPlanGoesOnWithoutTheMeasurementAndALaterOneHasIt() throws Exception {
    for (int plan = 0; plan < 3; plan++) {
      Forecasting.Known known = forecasting.calibration(target, Duration.ofMillis(1));
      assertThat(known.speeds().source()).isEqualTo(Source.DEFAULTS);
      assertThat(known.caveat())
          .startsWith("How fast this target is was not measured yet, so usual speeds are assumed")
          .endsWith("it is being measured now, and a later plan knows");
    }
    done.countDown();
    await().until(() -> calibrations.find("orders", Duration.ofDays(1)).isPresent());

    Forecasting.Known known = forecasting.calibration(target, Duration.ZERO);
    assertThat(known.caveat()).isNull();
    assertThat(known.speeds().nanos(Speed.SORT)).isEqualTo(7);
    assertThat(begun).as("measured once for all of them").hasValue(1);
  }

  @Test
  void aMeasurementThatFailsIsNotKept() throws Exception {
    measure(
        (target, stop) -> {
          throw new SQLException("no", "53100");
        });
    assertThatThrownBy(() -> measuring.of(target).get(1, TimeUnit.MINUTES))
        .hasRootCauseMessage("no");
    assertThat(calibrations.find("orders", Duration.ofDays(1))).isEmpty();
  }

  @Test
  void theEndOfTheServiceEndsAMeasurementAndLeavesNothing() throws Exception {
    bed.asSuperuser("alter role " + bed.role() + " createdb");
    measuring = new Measuring(calibrations);
    Future<Calibration> measured = measuring.of(target);
    await().until(() -> scratchTables() > 0);

    measuring.close();

    assertThatThrownBy(measured::get).isInstanceOf(CancellationException.class);
    await().atMost(Duration.ofSeconds(20)).until(() -> scratchDatabases() == 0);
    assertThat(calibrations.find("orders", Duration.ofDays(1))).isEmpty();
  }

  private long scratchTables() throws SQLException {
    return count(
        "pg_stat_activity where usename = '"
            + bed.role()
            + "' and datname like 'whimbrel%' and state = 'active' and query like 'insert%'");
  }

  private long scratchDatabases() throws SQLException {
    return count(
        "pg_database where datname like 'whimbrel%' and pg_get_userbyid(datdba) = '"
            + bed.role()
            + "'");
  }

  private long count(String from) throws SQLException {
    try (Connection connection = bed.connect();
        ResultSet row = connection.createStatement().executeQuery("select count(*) from " + from)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static ForecastConfig config() {
    return new ForecastConfig() {
      @Override
      public boolean calibrate() {
        return true;
      }

      @Override
      public Duration calibrationAge() {
        return Duration.ofDays(7);
      }

      @Override
      public int history() {
        return 10;
      }
    };
  }
}
