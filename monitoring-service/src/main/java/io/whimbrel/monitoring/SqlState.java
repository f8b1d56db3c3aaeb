package io.whimbrel.monitoring;

import java.sql.SQLException;
import java.util.Optional;

/** Finds out what PostgreSQL said, for logs that must not repeat statements and their values. */
public final class SqlState {
  private SqlState() {}

  /** The first SQLSTATE among the causes of a failure. */
  public static Optional<String> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return Optional.of(sql.getSQLState());
      }
    }
    return Optional.empty();
  }

  /** Names a failure without its message, which can hold a statement and its arguments. */
  public static String describe(Throwable failure) {
    return of(failure)
        .map(state -> "SQLSTATE " + state)
        .orElseGet(() -> failure.getClass().getSimpleName());
  }
}
