package io.whimbrel.executor.rehearsal;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.CopyData;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.StatementReader;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import io.whimbrel.target.Target;
import java.io.IOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * Runs scripts in a scratch database that has the target's structure and none of its rows, and
 * reads from PostgreSQL which tables they touch. Where that is not possible, every table counts as
 * touched. The target itself is only read; the scratch database is gone afterwards.
 */
public final class Rehearsal {
  /** Statements whose effect may depend on rows that the scratch database does not have. */
  private static final List<String> OPAQUE = List.of("DO", "CALL", "SELECT", "EXECUTE");

  private final Target target;
  private final UUID run;
  private final List<Script> scripts;

  private Rehearsal(Target target, UUID run, List<Script> scripts) {
    this.target = target;
    this.run = run;
    this.scripts = scripts;
  }

  /**
   * Rehearses scripts that are pending on a target.
   *
   * @throws SQLException if the target cannot be reached or read
   */
  public static RehearsalReport rehearse(Target target, UUID run, List<Script> scripts)
      throws SQLException {
    if (scripts.isEmpty()) {
      return new RehearsalReport(List.of(), List.of(), true, "nothing is pending");
    }
    return new Rehearsal(target, run, scripts).report();
  }

  private RehearsalReport report() throws SQLException {
    try (Connection real = target.connect(target.executor(), application())) {
      try {
        List<String> structure =
            SchemaSnapshot.load(real, SchemaSnapshot.Rights.LEFT_OUT).creationStatements();
        try (ScratchDatabase scratch = ScratchDatabase.create(real, target, run);
            Connection connection = scratch.connect(application())) {
          return inScratch(real, connection, structure);
        }
      } catch (SchemaUnreadable e) {
        return everything(real, e.getMessage());
      } catch (SQLException e) {
        return everything(real, reason(e));
      }
    }
  }

  private RehearsalReport inScratch(Connection real, Connection scratch, List<String> structure)
      throws SQLException {
    for (String statement : structure) {
      execute(scratch, statement);
    }
    execute(scratch, "RESET ALL");
    Footprint footprint = new Footprint(scratch);
    for (Script script : scripts) {
      String failure = run(scratch, script, footprint);
      if (!failure.isEmpty()) {
        return everything(real, failure);
      }
    }
    footprint.followCascades();
    List<TableName> created = footprint.newNames();
    String opaque = opaqueScripts();
    if (!opaque.isEmpty()) {
      return assumed(
          footprint, created, "what these do may depend on rows, so every table counts: " + opaque);
    }
    if (footprint.triggersMayFire()) {
      return assumed(
          footprint, created, "a touched table has triggers, which may write to any table");
    }
    return new RehearsalReport(
        List.copyOf(footprint.touched()),
        created,
        true,
        "rehearsed " + scripts.size() + " scripts in a scratch database");
  }

  private static RehearsalReport assumed(Footprint footprint, List<TableName> created, String why) {
    return new RehearsalReport(List.copyOf(footprint.all()), created, false, why);
  }

  /** Every table of the target, as nothing better is known. */
  private RehearsalReport everything(Connection real, String why) throws SQLException {
    return new RehearsalReport(
        List.copyOf(new Footprint(real).all()),
        List.of(),
        false,
        "not rehearsed, so every table counts as touched: " + why);
  }

  /** Runs one script; why it failed, or nothing. */
  private String run(Connection scratch, Script script, Footprint footprint) throws SQLException {
    boolean whole = script.transactional();
    scratch.setAutoCommit(!whole);
    execute(
        scratch,
        "SET search_path = "
            + target.schemas().stream().map(Quoted::name).collect(Collectors.joining(", ")));
    String failure = runAll(scratch, script);
    if (!failure.isEmpty()) {
      if (whole) {
        scratch.rollback();
      }
      scratch.setAutoCommit(true);
      return failure;
    }
    footprint.observe();
    if (whole) {
      scratch.commit();
    }
    scratch.setAutoCommit(true);
    return "";
  }

  private static String runAll(Connection scratch, Script script) {
    try (StatementReader statements = script.statements()) {
      while (statements.hasNext()) {
        Statement statement = statements.next();
        try {
          execute(scratch, statement);
        } catch (SQLException | IOException e) {
          return script.migration().script()
              + " line "
              + statement.line()
              + " failed in the rehearsal"
              + (e instanceof SQLException sql ? " with SQLSTATE " + sql.getSQLState() : "");
        }
      }
    }
    return "";
  }

  private static void execute(Connection connection, Statement statement)
      throws SQLException, IOException {
    CopyData data = statement.copyData();
    if (data == null) {
      execute(connection, statement.sql());
      return;
    }
    try (Reader lines = data.open()) {
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement.sql(), lines);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  private String opaqueScripts() {
    return scripts.stream()
        .filter(script -> script.any(s -> OPAQUE.stream().anyMatch(s::begins)))
        .map(script -> script.migration().script())
        .limit(5)
        .collect(Collectors.joining(", "));
  }

  private static String reason(SQLException e) {
    return "42501".equals(e.getSQLState())
        ? "the role may not do it; grant it CREATEDB"
        : "the scratch database could not be made like the target, SQLSTATE " + e.getSQLState();
  }

  private String application() {
    return "whimbrel-rehearsal:" + run;
  }
}
