package io.whimbrel.executor.apply;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The commits of a procedure or a block within itself. Nothing says how many there were before an
 * interruption, so it is not run again unless someone asks for it who has looked.
 */
record OwnCommits() implements Aftermath {

  @Override
  public boolean settled(Connection connection) throws SQLException {
    throw new SQLException(
        "The statement was interrupted and may have committed a part of its work; look what is"
            + " there, and request the run again if the statement may run from its beginning",
        SqlStates.COMPLETION_UNKNOWN);
  }

  /** A failure after which the statement is not tried again, whatever its SQLSTATE. */
  static final class NotRepeated extends SQLException {
    private static final long serialVersionUID = 1;

    NotRepeated(SQLException cause) {
      super(Failures.message(cause), cause.getSQLState(), cause);
    }
  }

  @Override
  public boolean commitsByItself() {
    return true;
  }
}
