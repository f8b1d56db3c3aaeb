package io.whimbrel.executor.rehearsal;

import io.whimbrel.executor.catalog.CopyData;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import io.whimbrel.executor.rehearsal.RehearsalReport.Failure;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.observe.Observer;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.target.Target;
import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Runs scripts in the scratch database, one after the other, and notes what each statement does.
 *
 * <p>Roles, databases and settings belong to the whole server, scratch database or not. When a
 * statement changes one, its transaction is never committed: all that follows runs in it too, and
 * it is rolled back in the end. What PostgreSQL refuses in a transaction runs outside of one only
 * if it stays within the database.
 */
final class Trial {
  private final Connection scratch;
  private final Target target;
  private final Alarm alarm;
  private final Footprint footprint;
  private final Observer observer;
  private final List<ScriptFacts> facts = new ArrayList<>();
  private boolean open;

  Trial(Connection scratch, Target target, Alarm alarm) throws SQLException {
    this.scratch = scratch;
    this.target = target;
    this.alarm = alarm;
    this.footprint = new Footprint(scratch);
    this.observer = Observer.begin(scratch);
  }

  Footprint footprint() {
    return footprint;
  }

  List<ScriptFacts> facts() {
    return facts;
  }

  /** Takes back what must not be kept. */
  void end() throws SQLException {
    if (open) {
      scratch.rollback();
      scratch.setAutoCommit(true);
    }
  }

  /** Runs one script; what failed, or null. */
  @Nullable Failure run(Script script) throws SQLException {
    boolean whole = script.transactional();
    prepare(script);
    if (whole) {
      begin();
    }
    Series series = new Series();
    Failure failure = runAll(script, series);
    facts.add(
        new ScriptFacts(
            script.migration().script(),
            whole,
            script.headers().batch().isPresent(),
            series.facts()));
    if (failure != null) {
      scratch.rollback();
      scratch.setAutoCommit(true);
      open = false;
    } else if (whole) {
      commit();
    }
    return failure;
  }

  private void prepare(Script script) throws SQLException {
    Duration lock = script.headers().timeouts().lock().orElse(target.policy().timeouts().lock());
    execute(
        "SET search_path = "
            + target.schemas().stream().map(Quoted::name).collect(Collectors.joining(", ")));
    execute("SET lock_timeout = " + lock.toMillis());
  }

  private @Nullable Failure runAll(Script script, Series series) throws SQLException {
    try (StatementReader statements = script.statements()) {
      while (statements.hasNext()) {
        Statement statement = statements.next();
        try {
          if (script.transactional()) {
            inOpenTransaction(statement, true, series);
          } else {
            inItsOwn(statement, series);
          }
        } catch (SQLException e) {
          return failure(script, statement, String.valueOf(e.getSQLState()));
        } catch (IOException e) {
          return failure(script, statement, "");
        }
      }
      return null;
    }
  }

  private static Failure failure(Script script, Statement statement, String sqlState) {
    return new Failure(script.migration().script(), statement.number(), statement.line(), sqlState);
  }

  private void inOpenTransaction(Statement statement, boolean ofScript, Series series)
      throws SQLException, IOException {
    execute(statement);
    if (!series.goesOn(statement)) {
      series.add(statement, observer.seen(statement, ofScript));
    }
    ForeignServers.cutOffAfter(statement, scratch);
  }

  private void inItsOwn(Statement statement, Series series) throws SQLException, IOException {
    begin();
    try {
      inOpenTransaction(statement, false, series);
      commit();
    } catch (SQLException e) {
      if (open || !ServerWide.mayRunAlone(statement, e)) {
        throw e;
      }
      scratch.rollback();
      scratch.setAutoCommit(true);
      execute(statement);
      StatementFacts seen = observer.seenAlone(statement);
      ForeignServers.cutOffAfter(statement, scratch);
      seen.work().forEach(work -> footprint.touch(work.table()));
      series.add(statement, seen);
    }
  }

  private void begin() throws SQLException {
    if (!open) {
      scratch.setAutoCommit(false);
      observer.transactionBegins();
    }
  }

  private void commit() throws SQLException {
    footprint.observe();
    open |= observer.changedServer();
    if (!open) {
      observer.transactionEnds();
      scratch.commit();
      scratch.setAutoCommit(true);
    }
  }

  private void execute(Statement statement) throws SQLException, IOException {
    alarm.statementBegins();
    try {
      CopyData data = statement.copyData();
      if (data == null) {
        execute(statement.sql());
        return;
      }
      try (Reader lines = data.open()) {
        scratch.unwrap(PGConnection.class).getCopyAPI().copyIn(statement.sql(), lines);
      }
    } finally {
      alarm.statementEnds();
    }
  }

  private void execute(String sql) throws SQLException {
    try (java.sql.Statement statement = scratch.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
