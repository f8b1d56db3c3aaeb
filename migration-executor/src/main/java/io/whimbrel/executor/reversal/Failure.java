package io.whimbrel.executor.reversal;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What an error of PostgreSQL says, without values of rows and literals of scripts. */
final class Failure {
  private Failure() {}

  static String words(SQLException e) {
    ServerErrorMessage message = message(e);
    String object = "";
    if (message != null && message.getConstraint() != null) {
      object = " at constraint " + message.getConstraint();
    } else if (message != null && message.getTable() != null) {
      object = " at table " + message.getTable();
    }
    return " with SQLSTATE " + e.getSQLState() + object;
  }

  /** Whether rows were to blame: values that do not fit, conditions that do not hold. */
  static boolean byRows(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23") || state.equals("P0001");
  }

  static @Nullable ServerErrorMessage message(SQLException e) {
    return e instanceof PSQLException server ? server.getServerErrorMessage() : null;
  }
}
