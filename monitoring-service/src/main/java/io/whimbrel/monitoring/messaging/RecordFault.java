package io.whimbrel.monitoring.messaging;

import io.whimbrel.monitoring.SqlState;
import java.util.Optional;

/** Tells a record that can never be recorded from a database that cannot record just now. */
final class RecordFault {
  /** SQLSTATE class "data exception": PostgreSQL cannot take this value, now or later. */
  private static final String DATA_EXCEPTION = "22";

  private RecordFault() {}

  /**
   * Looks for a fault of the record in a failure.
   *
   * @return why the record is at fault, continuing the sentence "the record ..."; empty if trying
   *     again can help
   */
  static Optional<String> in(Throwable failure) {
    return SqlState.of(failure)
        .filter(state -> state.startsWith(DATA_EXCEPTION))
        .map(state -> "has a value that the event log cannot hold (SQLSTATE " + state + ")");
  }
}
