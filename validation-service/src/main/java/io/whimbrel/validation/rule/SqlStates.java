package io.whimbrel.validation.rule;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The SQLSTATEs that mean something to a validation. */
public final class SqlStates {
  static final String INSUFFICIENT_PRIVILEGE = "42501";
  static final String UNDEFINED_TABLE = "42P01";
  static final String UNDEFINED_COLUMN = "42703";
  static final String INVALID_SCHEMA_NAME = "3F000";
  static final String NOT_IN_PREREQUISITE_STATE = "55000";
  static final String QUERY_CANCELED = "57014";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private SqlStates() {}

  /** The SQLSTATE of the first cause that has one. */
  public static Optional<String> within(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(SQLException.class::isInstance)
        .map(cause -> of((SQLException) cause))
        .findFirst();
  }

  /** The SQLSTATE, or {@code unknown}. */
  public static String of(SQLException cause) {
    String state = cause.getSQLState();
    return state == null ? "unknown" : state;
  }

  /**
   * Whether the same look may succeed a little later: the connection was lost (08), the transaction
   * was in another's way (40), the server is short of something (53) or going down or coming up
   * (57P), or a lock was not to be had.
   */
  public static boolean passing(SQLException cause) {
    String state = of(cause);
    return state.startsWith("08")
        || state.startsWith("40")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.equals(LOCK_NOT_AVAILABLE);
  }
}
