package io.whimbrel.executor.apply;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a caller does within a script's transaction. A script of several transactions (in batches,
 * or statement by statement) gets {@code afterBegin} in its first and {@code beforeCommit} in its
 * last one. An exception rolls the transaction back and ends the script.
 */
public interface InTransaction {

  InTransaction NOTHING = new InTransaction() {};

  /** Before the first statement of the script. */
  default void afterBegin(Connection connection) throws SQLException {}

  /** After the last statement and the history row. */
  default void beforeCommit(Connection connection) throws SQLException {}
}
