package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Statement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Puts what PostgreSQL says into words that are fit for events: no detail, no statement text. */
final class Failures {

  private Failures() {}

  static ApplyFailure of(Application application, @Nullable Statement at, SQLException e) {
    List<Blocker> blockers = blockers(application, e);
    return new ApplyFailure(
        e.getSQLState(),
        message(e) + remedy(e) + left(e) + named(blockers),
        application.script().migration().script(),
        at == null ? 0 : at.number(),
        at == null ? 0 : at.line(),
        blockers);
  }

  /** Of the whole script, found by us and not said by PostgreSQL. */
  static ApplyFailure of(Application application, String message) {
    return new ApplyFailure(
        null, message, application.script().migration().script(), 0, 0, List.of());
  }

  private static List<Blocker> blockers(Application application, SQLException e) {
    if (e instanceof OldTransactions.Remain old) {
      return old.blockers();
    }
    return SqlStates.of(e).equals(SqlStates.LOCK_TIMEOUT)
        ? application.session().watch().seen()
        : List.of();
  }

  private static String left(SQLException e) {
    return Arrays.stream(e.getSuppressed())
        .filter(SQLException.class::isInstance)
        .map(left -> message((SQLException) left))
        .map(left -> "; what it has left is put right by the next run (" + left + ")")
        .collect(Collectors.joining());
  }

  /** PostgreSQL's primary message. */
  static String message(SQLException e) {
    if (e instanceof PSQLException fromServer) {
      ServerErrorMessage said = fromServer.getServerErrorMessage();
      if (said != null && said.getMessage() != null) {
        return said.getMessage();
      }
    }
    return e.getMessage() == null ? "The statement failed" : e.getMessage();
  }

  private static String remedy(SQLException e) {
    return switch (SqlStates.of(e)) {
      case SqlStates.ACTIVE_TRANSACTION ->
          "; write executeInTransaction=false into the script's .conf file";
      case SqlStates.UNSAFE_NEW_ENUM_VALUE ->
          "; a value that a type was given can be used after its transaction only: add it in a"
              + " script of its own, before this one";
      default -> "";
    };
  }

  private static String named(List<Blocker> blockers) {
    return blockers.isEmpty()
        ? ""
        : "; blocked by "
            + blockers.stream().map(Blocker::toString).collect(Collectors.joining("; "));
  }
}
