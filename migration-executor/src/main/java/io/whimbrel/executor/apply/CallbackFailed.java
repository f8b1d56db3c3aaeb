package io.whimbrel.executor.apply;

import java.sql.SQLException;

/** A callback inside a script's transaction failed; says where, in the callback's own file. */
final class CallbackFailed extends SQLException {

  private static final long serialVersionUID = 1;

  private final transient ApplyFailure failure;

  CallbackFailed(ApplyFailure failure, SQLException cause) {
    super(cause.getMessage(), cause.getSQLState(), cause);
    this.failure = failure;
  }

  ApplyFailure failure() {
    return failure;
  }
}
