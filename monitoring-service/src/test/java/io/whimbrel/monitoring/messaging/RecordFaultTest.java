package io.whimbrel.monitoring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFaultTest {

  @Test
  void aValueThatPostgresqlCannotTakeIsTheRecordsFault() {
    assertThat(RecordFault.in(failure("22021")))
        .hasValue("has a value that the event log cannot hold (SQLSTATE 22021)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "53100", "40P01", "42P01", "23514"})
  void anythingElseCanBeTriedAgain(String sqlState) {
    assertThat(RecordFault.in(failure(sqlState))).isEmpty();
  }

  @Test
  void aFailureWithoutSqlstateCanBeTriedAgain() {
    assertThat(RecordFault.in(new IllegalStateException(new SQLException("no connection"))))
        .isEmpty();
  }

  private static RuntimeException failure(String sqlState) {
    return new IllegalStateException(new SQLException("refused", sqlState));
  }
}
