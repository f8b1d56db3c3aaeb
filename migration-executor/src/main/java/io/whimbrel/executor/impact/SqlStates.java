package io.whimbrel.executor.impact;

import java.sql.SQLException;

/** What PostgreSQL's SQLSTATEs mean to a look at a target. */
final class SqlStates {
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String QUERY_CANCELED = "57014";
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private SqlStates() {}

  static boolean locked(SQLException e) {
    return LOCK_NOT_AVAILABLE.equals(e.getSQLState());
  }

  static boolean timedOut(SQLException e) {
    return QUERY_CANCELED.equals(e.getSQLState());
  }

  static boolean denied(SQLException e) {
    return INSUFFICIENT_PRIVILEGE.equals(e.getSQLState());
  }

  /** Whether there is no use in asking anything else: the connection or the server is gone. */
  static boolean fatal(SQLException e) {
    String state = e.getSQLState();
    return state == null || state.startsWith("08") || state.startsWith("57P");
  }

  /** A reason that repeats nothing of the statement or of the rows. */
  static String reason(SQLException e) {
    if (locked(e)) {
      return "someone holds a lock on it; try again when they are done";
    }
    if (timedOut(e)) {
      return "it took too long";
    }
    if (denied(e)) {
      return "the role may not read it; grant it SELECT, and where policies hide rows BYPASSRLS";
    }
    return "PostgreSQL refused, SQLSTATE " + e.getSQLState();
  }
}
