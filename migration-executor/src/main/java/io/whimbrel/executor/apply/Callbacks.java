package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The scripts that a catalogue wants run at certain moments of every run. Those of a script share
 * its transaction and its fate; each of the others is there as a whole or not at all. A run that is
 * taken up again after a crash runs the ones of its beginning once more.
 *
 * @param at by moment, in their order
 */
public record Callbacks(Map<Moment, List<Script>> at) {

  public static final Callbacks NONE = new Callbacks(Map.of());

  /**
   * Makes sure that all of them can run.
   *
   * @throws Refusal naming one that PostgreSQL would refuse in a transaction
   */
  public Callbacks {
    at = Map.copyOf(at);
    for (List<Script> scripts : at.values()) {
      for (Script script : scripts) {
        if (!script.transactional()) {
          throw new Refusal(
              script.migration().script()
                  + ": a callback has to run in a transaction; leave out executeInTransaction=false"
                  + " and the statements that need it");
        }
      }
    }
  }

  public List<Script> at(Moment moment) {
    return at.getOrDefault(moment, List.of());
  }

  /** All that a run of these scripts comes to if it succeeds, in order; for a rehearsal. */
  public List<Script> around(List<Script> scripts) {
    List<Script> all = new ArrayList<>();
    Stream.of(
            Moment.AFTER_CONNECT,
            Moment.BEFORE_VALIDATE,
            Moment.AFTER_VALIDATE,
            Moment.CREATE_SCHEMA,
            Moment.BEFORE_CREATE_SCHEMA,
            Moment.BEFORE_MIGRATE)
        .forEach(moment -> all.addAll(at(moment)));
    boolean repeatables = false;
    for (Script script : scripts) {
      if (script.migration().kind() == Migration.Kind.REPEATABLE && !repeatables) {
        repeatables = true;
        all.addAll(at(Moment.AFTER_VERSIONED));
        all.addAll(at(Moment.BEFORE_REPEATABLES));
      }
      all.addAll(at(Moment.BEFORE_EACH_MIGRATE));
      all.add(script);
      all.addAll(at(Moment.AFTER_EACH_MIGRATE));
    }
    if (!repeatables) {
      all.addAll(at(Moment.AFTER_VERSIONED));
    }
    if (!scripts.isEmpty()) {
      all.addAll(at(Moment.AFTER_MIGRATE_APPLIED));
    }
    all.addAll(at(Moment.AFTER_MIGRATE));
    all.addAll(at(Moment.AFTER_MIGRATE_OPERATION_FINISH));
    return all;
  }

  /** The hooks of a script's transaction, with its callbacks inside the caller's own. */
  InTransaction inside(Application application) {
    InTransaction callers = application.hooks();
    boolean forward = application.script().migration().kind() != Migration.Kind.UNDO;
    if (!forward
        || (at(Moment.BEFORE_EACH_MIGRATE).isEmpty() && at(Moment.AFTER_EACH_MIGRATE).isEmpty())) {
      return callers;
    }
    return new InTransaction() {
      @Override
      public void afterBegin(Connection connection) throws SQLException {
        callers.afterBegin(connection);
        run(Moment.BEFORE_EACH_MIGRATE, application);
      }

      @Override
      public boolean hasBeforeRecord() {
        return !at(Moment.AFTER_EACH_MIGRATE).isEmpty() || callers.hasBeforeRecord();
      }

      @Override
      public void beforeRecord(Connection connection) throws SQLException {
        run(Moment.AFTER_EACH_MIGRATE, application);
        callers.beforeRecord(connection);
      }

      @Override
      public void beforeCommit(Connection connection) throws SQLException {
        callers.beforeCommit(connection);
      }
    };
  }

  private void run(Moment moment, Application around) throws SQLException {
    for (Script callback : at(moment)) {
      Application application = around.of(callback);
      try (StatementReader statements = callback.statements()) {
        while (statements.hasNext()) {
          run(application, statements.next());
        }
      }
    }
  }

  private static void run(Application application, Statement statement) throws CallbackFailed {
    try {
      StatementRun.runQuietly(application, statement);
    } catch (SQLException e) {
      throw new CallbackFailed(Failures.of(application, statement, e), e);
    }
  }
}
