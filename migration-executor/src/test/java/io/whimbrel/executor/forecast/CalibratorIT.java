package io.whimbrel.executor.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.forecast.Forecast.Source;
import io.whimbrel.executor.impact.Bed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CalibratorIT {

  @Test
  void aServerIsMeasuredInAScratchDatabaseAndNothingStays() throws Exception {
    Bed bed = Bed.newest();
    bed.asSuperuser("alter role " + bed.role() + " createdb");
    Calibration measured = Calibrator.measure(bed.target(), UUID.randomUUID());
    assertThat(measured.source()).isEqualTo(Source.SCRATCH_DATABASE);
    assertThat(measured.speeds()).containsOnlyKeys(Speed.values());
    assertThat(measured.speeds().values()).allMatch(nanos -> nanos >= 0 && nanos < 1e10);
    assertThat(measured.nanos(Speed.SORT)).isPositive();
    assertThat(count(bed, "pg_database where datname like 'whimbrel%'")).isZero();
    assertThat(count(bed, "pg_class where relname like 'whimbrel%'")).isZero();
  }

  @Test
  void withoutTheRightToCreateDatabasesTemporaryTablesDo() throws Exception {
    Bed bed = Bed.oldest();
    Calibration measured = Calibrator.measure(bed.target(), UUID.randomUUID());
    assertThat(measured.source()).isEqualTo(Source.TEMPORARY_TABLE);
    assertThat(measured.speeds()).containsOnlyKeys(Speed.values());
    assertThat(count(bed, "pg_class where relname like 'whimbrel%'")).isZero();
  }

  @Test
  void withoutAnyRightUsualSpeedsApply() throws Exception {
    Bed bed = Bed.newest();
    bed.asSuperuser(
        "do $$ begin execute format('revoke temporary on database %I from public', "
            + "current_database()); execute format('alter database %I owner to postgres',"
            + " current_database()); end $$");
    Calibration measured = Calibrator.measure(bed.target(), UUID.randomUUID());
    assertThat(measured).isEqualTo(Calibration.DEFAULTS);
  }

  private static long count(Bed bed, String from) throws SQLException {
    try (Connection connection = bed.connect();
        ResultSet row = connection.createStatement().executeQuery("select count(*) from " + from)) {
      row.next();
      return row.getLong(1);
    }
  }
}
