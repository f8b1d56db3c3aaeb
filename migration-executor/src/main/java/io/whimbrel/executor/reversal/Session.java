package io.whimbrel.executor.reversal;

import io.whimbrel.executor.catalog.CopyData;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.StatementReader;
import io.whimbrel.executor.rehearsal.ForeignServers;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureObject;
import io.whimbrel.executor.schema.StructureReader;
import io.whimbrel.target.Target;
import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/** Runs scripts in a scratch database and looks at what has become of it. */
final class Session implements AutoCloseable {
  // By a function, as the driver forgets what it has prepared at SET search_path.
  private static final String TO_LOOK =
      Stream.of(
              "search_path=",
              "DateStyle=ISO, MDY",
              "IntervalStyle=postgres",
              "TimeZone=UTC",
              "bytea_output=hex",
              "extra_float_digits=1",
              "row_security=on",
              "plan_cache_mode=force_generic_plan",
              "jit=off",
              "statement_timeout=0")
          .map(Session::setting)
          .collect(Collectors.joining(", ", "SELECT ", ""));

  private final Connection connection;
  private final StructureReader structures;
  private final ContentsReader contents;
  private final PreparedStatement locks;
  private final String toRun;

  Session(Connection connection, Target target) throws SQLException {
    this.connection = connection;
    execute("SET synchronous_commit = off");
    execute(TO_LOOK);
    this.structures = new StructureReader(connection);
    this.contents = new ContentsReader(connection);
    this.locks = Locks.query(connection);
    this.toRun =
        "RESET ROLE; RESET ALL; SET synchronous_commit = off; SELECT "
            + setting("search_path=" + Quoted.names(target.schemas()));
  }

  private static String setting(String nameAndValue) {
    int at = nameAndValue.indexOf('=');
    return "pg_catalog.set_config(%s, %s, false)"
        .formatted(
            Quoted.literal(nameAndValue.substring(0, at)),
            Quoted.literal(nameAndValue.substring(at + 1)));
  }

  Connection connection() {
    return connection;
  }

  /** Opens a transaction that has a number of its own, so that its changes can be told. */
  void begin() throws SQLException {
    // Without it, what the statistics say of this transaction would hold those before it.
    execute("SELECT pg_catalog.pg_stat_force_next_flush()");
    connection.setAutoCommit(false);
    execute("SELECT pg_catalog.pg_current_xact_id()");
  }

  /** The whole script; deferred conditions are checked, if a transaction is open. */
  void run(Script script) throws SQLException {
    execute(toRun);
    try (StatementReader statements = script.statements()) {
      while (statements.hasNext()) {
        io.whimbrel.executor.catalog.Statement statement = statements.next();
        CopyData data = statement.copyData();
        if (data == null) {
          execute(statement.sql());
        } else {
          try (Reader lines = data.open()) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement.sql(), lines);
          }
        }
        ForeignServers.cutOffAfter(statement, connection);
      }
    } catch (IOException e) {
      throw new SQLException("the data of a COPY cannot be read", e);
    }
    settle();
  }

  /** All of them, in one message. */
  void run(List<String> statements) throws SQLException {
    execute(toRun);
    if (!statements.isEmpty()) {
      execute(String.join(";\n", statements));
    }
    settle();
  }

  private void settle() throws SQLException {
    if (!connection.getAutoCommit()) {
      execute("SET CONSTRAINTS ALL IMMEDIATE");
    }
  }

  /** Everything, for a first look. */
  State look() throws SQLException {
    execute(TO_LOOK);
    Structure structure = structures.read();
    return new State(structure, contents.read(structure), Locks.held(locks));
  }

  /** Everything, given how it was before the open transaction did something. */
  State look(State before) throws SQLException {
    execute(TO_LOOK);
    Structure structure = structures.refreshed(before.structure());
    Locks held = Locks.held(locks);
    boolean otherTexts =
        structure.apartFrom(before.structure()).stream().anyMatch(Session::shapesTexts);
    return new State(
        structure,
        otherTexts
            ? contents.read(structure)
            : contents.refreshed(before.contents(), structure, held.rewritable()),
        held);
  }

  // Rows that nobody wrote look otherwise when a label of their enum has another name.
  private static boolean shapesTexts(StructureObject o) {
    return o.is("ENUM VALUE") || (o.is("COLUMN") && "c".equals(o.aspect("relation kind")));
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** Ends an open transaction and undoes what it did. */
  void giveUp() throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  void commit() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
