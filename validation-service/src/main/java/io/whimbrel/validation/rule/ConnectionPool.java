package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Sessions that are too many, stand still, or hold others up. */
final class ConnectionPool implements Rule {

  private static final RuleDescription DESCRIPTION =
      new RuleDescription(
          "connection_pool",
          "Connections are not used up",
          Category.PERFORMANCE,
          Severity.WARNING,
          "More than 80 % of max_connections in use (an error from 95 %); sessions idle in a"
              + " transaction for over 5 minutes, waiting for a lock for over 1 minute, in a"
              + " transaction for over 1 hour, or for longer than declared.",
          "A migration waits behind the oldest transaction, everybody waits behind the migration,"
              + " and what has no connection left cannot even say so.",
          "Find the program that the process id belongs to; end the session if nobody needs it.",
          CostClass.CATALOGUE,
          new Example(
"""
connection_pool:
  - { idleInTransaction: 0s }
""",
"""
begin;
create table unfinished (id int);
"""),
          new Example(
"""
connection_pool:
  - { idleInTransaction: 1h }
""",
"""
create table finished (id int);
"""));

  @Override
  public RuleDescription description() {
    return DESCRIPTION;
  }

  // The server's own processes and this validation's sessions are not what is looked for.
  private static final String SESSIONS =
      """
      with session as (
        select a.pid, a.state, a.wait_event_type,
               clock_timestamp() - a.state_change as still, clock_timestamp() - a.query_start as asked,
               clock_timestamp() - a.xact_start as open
          from pg_stat_activity a
         where a.backend_type = 'client backend' and a.datname = current_database()
           and a.application_name not like 'whimbrel-validation:%%')
      select array[
        (select count(*) from pg_stat_activity where backend_type = 'client backend') * 100
          / current_setting('max_connections')::int8,
        (select count(*) from session
          where state like 'idle in transaction%%' and still > interval %s),
        (select count(*) from session where wait_event_type = 'Lock' and asked > interval %s),
        (select count(*) from session where open > interval %s)]::int8[]
      """;

  @Override
  public List<Look> looks(RuleContext context) throws SQLException {
    boolean allowed =
        context
            .catalogue(
                "select pg_has_role(current_user, 'pg_read_all_stats', 'usage')",
                row -> row.getBoolean(1))
            .get(0);
    if (!allowed) {
      context.skip("no right to see what other sessions do; grant pg_read_all_stats to the role");
      return List.of();
    }
    List<Declarations.ConnectionLimits> declared = context.declarations().connections();
    Declarations.ConnectionLimits limits =
        declared.isEmpty()
            ? new Declarations.ConnectionLimits(null, null, null)
            : declared.get(declared.size() - 1);
    return List.of(new Look.Search(null, rows -> look(rows, limits)));
  }

  private static List<Finding> look(Rows rows, Declarations.ConnectionLimits limits)
      throws SQLException {
    String idle = Objects.requireNonNullElse(limits.idleInTransaction(), "5 minutes");
    String waiting = Objects.requireNonNullElse(limits.waiting(), "1 minute");
    String open = Objects.requireNonNullElse(limits.transaction(), "1 hour");
    Long[] counts =
        rows.counts(SESSIONS.formatted(Sql.literal(idle), Sql.literal(waiting), Sql.literal(open)));
    List<Finding> findings = new ArrayList<>();
    if (counts[0] >= 80) {
      findings.add(
          finding(
              counts[0] >= 95 ? Severity.ERROR : Severity.WARNING,
              "%d %% of max_connections are in use".formatted(counts[0])));
    }
    sessions(findings, counts[1], "idle in a transaction for over " + idle);
    sessions(findings, counts[2], "waiting for a lock for over " + waiting);
    sessions(findings, counts[3], "in a transaction for over " + open);
    return findings;
  }

  private static void sessions(List<Finding> findings, long count, String what) {
    if (count > 0) {
      findings.add(finding(Severity.WARNING, count + " sessions are " + what));
    }
  }

  private static Finding finding(Severity severity, String message) {
    return new Finding(
        severity,
        null,
        null,
        0,
        message,
        List.of(),
        "select pid, usename, application_name, state, xact_start from pg_stat_activity order by"
            + " xact_start;");
  }
}
