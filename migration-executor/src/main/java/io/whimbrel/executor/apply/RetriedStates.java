package io.whimbrel.executor.apply;

import java.sql.SQLException;
import java.util.Set;

/**
 * The failures after which the same transaction may well succeed: lock not available, serialization
 * failure, deadlock. Nothing else is ever tried again here; after the loss of a session the history
 * of the target decides, in a new one.
 */
final class RetriedStates {

  private static final Set<String> STATES =
      Set.of(SqlStates.LOCK_TIMEOUT, SqlStates.SERIALIZATION_FAILURE, "40P01");

  private RetriedStates() {}

  static Set<String> all() {
    return STATES;
  }

  static boolean include(SQLException e) {
    return !(e instanceof OwnCommits.NotRepeated) && STATES.contains(SqlStates.of(e));
  }
}
