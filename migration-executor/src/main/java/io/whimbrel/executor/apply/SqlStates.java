package io.whimbrel.executor.apply;

import java.sql.SQLException;
import java.util.Set;

/** What SQLSTATEs mean to us. */
final class SqlStates {

  static final String LOCK_TIMEOUT = "55P03";
  static final String CANCELLED = "57014";
  static final String INSUFFICIENT_PRIVILEGE = "42501";
  static final String DIVISION_BY_ZERO = "22012";
  static final String UNIQUE_VIOLATION = "23505";
  static final String SERIALIZATION_FAILURE = "40001";
  static final String COMPLETION_UNKNOWN = "40003";
  static final String ACTIVE_TRANSACTION = "25001";
  static final String UNSAFE_NEW_ENUM_VALUE = "55P04";

  private static final Set<String> LOST =
      Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04");

  private SqlStates() {}

  static String of(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /** Whether the session is gone, and with it the knowledge of what it did last. */
  static boolean lost(SQLException e) {
    String state = of(e);
    return state.startsWith("08") || LOST.contains(state);
  }
}
