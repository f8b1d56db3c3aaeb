package io.whimbrel.executor.rehearsal;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.rehearsal.RehearsalReport.Failure;
import io.whimbrel.executor.rehearsal.facts.ColumnUses;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs scripts in a scratch database that has the target's structure and none of its rows, and
 * reads from PostgreSQL which tables they touch. Where that is not possible, every table counts as
 * touched. The target itself is only read; the scratch database is gone afterwards.
 */
public final class Rehearsal {
  /** Statements whose effect may depend on rows that the scratch database does not have. */
  private static final List<String> OPAQUE = List.of("DO", "CALL", "SELECT", "EXECUTE");

  private static final Pattern EXTENSION =
      Pattern.compile(
          "(?:CREATE EXTENSION(?: IF NOT EXISTS)?|COMMENT ON EXTENSION)\\s+(\"[^\"]+\"|\\w+)",
          Pattern.CASE_INSENSITIVE);

  /** No right to create one; and none there to comment on. */
  private static final Set<String> NO_EXTENSION = Set.of("42501", "42704");

  private final Set<String> without = new TreeSet<>();
  private final Target target;
  private final UUID run;
  private final List<Script> scripts;
  private final RehearsalLimits limits;

  private Rehearsal(Target target, UUID run, List<Script> scripts, RehearsalLimits limits) {
    this.target = target;
    this.run = run;
    this.scripts = scripts;
    this.limits = limits;
  }

  /** The same with the limits of the default configuration. */
  public static RehearsalReport rehearse(Target target, UUID run, List<Script> scripts)
      throws SQLException {
    return rehearse(target, run, scripts, RehearsalLimits.DEFAULT);
  }

  /**
   * Rehearses scripts that are pending on a target.
   *
   * @throws SQLException if the target cannot be reached or read
   */
  public static RehearsalReport rehearse(
      Target target, UUID run, List<Script> scripts, RehearsalLimits limits) throws SQLException {
    if (scripts.isEmpty()) {
      return new RehearsalReport(List.of(), List.of(), true, "nothing is pending");
    }
    return new Rehearsal(target, run, scripts, limits).report();
  }

  private RehearsalReport report() throws SQLException {
    try (Connection real = target.connect(target.executor(), application())) {
      try {
        List<String> structure =
            SchemaSnapshot.load(real, SchemaSnapshot.Rights.LEFT_OUT).creationStatements();
        try (ScratchDatabase scratch = ScratchDatabase.create(real, target, run);
            Connection connection = scratch.connect(application());
            Alarm alarm = Alarm.over(connection, limits)) {
          return inScratch(real, connection, structure, alarm);
        }
      } catch (SchemaUnreadable e) {
        return everything(real, e.getMessage());
      } catch (SQLException e) {
        return everything(real, ScratchDatabase.reason(e));
      }
    }
  }

  private RehearsalReport inScratch(
      Connection real, Connection scratch, List<String> structure, Alarm alarm)
      throws SQLException {
    try {
      return tried(real, scratch, structure, alarm);
    } catch (SQLException e) {
      String rang = alarm.rang();
      if (rang == null) {
        throw e;
      }
      return everything(real, rang);
    }
  }

  private RehearsalReport tried(
      Connection real, Connection scratch, List<String> structure, Alarm alarm)
      throws SQLException {
    for (String statement : structure) {
      create(scratch, statement);
    }
    execute(scratch, "RESET ALL");
    ForeignServers.cutOff(scratch);
    Trial trial = new Trial(scratch, target, alarm);
    for (Script script : scripts) {
      Failure failure = trial.run(script);
      if (failure != null) {
        String rang = alarm.rang();
        String why =
            failure.script()
                + " line "
                + failure.line()
                + " failed in the rehearsal"
                + (failure.sqlState().isEmpty() ? "" : " with SQLSTATE " + failure.sqlState())
                + (rang == null ? "" : ", as " + rang);
        RehearsalReport all = everything(real, why);
        return new RehearsalReport(
            all.touched(), all.created(), false, all.summary(), trial.facts(), failure);
      }
    }
    RehearsalReport report =
        measured(trial, ProgramStatements.of(target, real, scratch, trial.facts()));
    trial.end();
    return report;
  }

  // Most extensions only watch the server, and only a superuser may create them; a script that
  // needs one fails without it and says so.
  private void create(Connection scratch, String statement) throws SQLException {
    try {
      execute(scratch, statement);
    } catch (SQLException e) {
      Matcher extension = EXTENSION.matcher(statement);
      if (!NO_EXTENSION.contains(e.getSQLState()) || !extension.lookingAt()) {
        throw e;
      }
      without.add(extension.group(1));
    }
  }

  private RehearsalReport measured(Trial trial, ColumnUses uses) throws SQLException {
    Footprint footprint = trial.footprint();
    footprint.followCascades();
    List<TableName> created = footprint.newNames();
    String opaque = opaqueScripts();
    String why =
        !opaque.isEmpty()
            ? "what these do may depend on rows, so every table counts: " + opaque
            : footprint.triggersMayFire()
                ? "a touched table has triggers, which may write to any table"
                : "";
    return new RehearsalReport(
        List.copyOf(why.isEmpty() ? footprint.touched() : footprint.all()),
        created,
        why.isEmpty(),
        why.isEmpty() ? rehearsed() : why,
        trial.facts(),
        null,
        uses);
  }

  private String rehearsed() {
    return "rehearsed "
        + scripts.size()
        + " scripts in a scratch database"
        + (without.isEmpty()
            ? ""
            : ", without what the role may not create there: extension "
                + String.join(", ", without));
  }

  /** Every table of the target, as nothing better is known. */
  private RehearsalReport everything(Connection real, String why) throws SQLException {
    return new RehearsalReport(
        List.copyOf(new Footprint(real).all()),
        List.of(),
        false,
        "not rehearsed, so every table counts as touched: " + why);
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

  private String application() {
    return ScratchDatabase.sessionName(run);
  }
}
