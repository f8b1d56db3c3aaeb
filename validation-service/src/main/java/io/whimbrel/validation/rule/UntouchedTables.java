package io.whimbrel.validation.rule;

import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tables that a run was not to touch, before and after it. The counters of PostgreSQL say which of
 * them were written at all, which costs nothing; only in those are the rows sought that a
 * transaction of the run has written, which the schema history names. Others may write as they
 * like.
 */
final class UntouchedTables {
  private static final String HISTORY = "untouched";
  private static final String TABLE = "untouched:";
  private static final long LARGE = 10_000_000;
  private static final int MOST = 10_000;

  private static final String TABLES =
      """
      with user_table as (%s)
      select t.oid, t.nspname, t.relname,
             pg_stat_get_tuples_inserted(t.oid) + pg_stat_get_tuples_updated(t.oid)
               + pg_stat_get_tuples_deleted(t.oid) as writes,
             md5(coalesce((select string_agg(format('%%I %%s %%s', a.attname, a.atttypid, a.atttypmod), ', '
                                          order by a.attnum)
                           from pg_attribute a
                          where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped), ''))
               as columns
        from user_table t
       where not t.oid = any (?::oid[])
       order by t.oid
       limit %d
      """
          .formatted(ScopeReader.USER_TABLES, MOST);

  // Null if it is not there or may not be read.
  private static final String READABLE_HISTORY =
      """
      select format('%I.%I', n.nspname, c.relname) as history,
             has_table_privilege(c.oid, 'select') as readable
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = any (?) and c.relname = 'flyway_schema_history' and c.relkind = 'r'
      """;

  /**
   * A table as it was noted.
   *
   * @param writes rows inserted, updated and deleted, as PostgreSQL counts them
   * @param columns digest of its columns
   */
  private record State(long oid, TableName name, long writes, String columns) {
    static State read(ResultSet row) throws SQLException {
      return new State(
          row.getLong("oid"),
          new TableName(row.getString("nspname"), row.getString("relname")),
          row.getLong("writes"),
          row.getString("columns"));
    }

    static State parse(String oid, String noted) {
      String[] parts = noted.split("/", 4);
      return new State(
          Long.parseLong(oid),
          new TableName(
              parts[3].substring(0, Integer.parseInt(parts[2])),
              parts[3].substring(Integer.parseInt(parts[2]))),
          Long.parseLong(parts[0]),
          parts[1]);
    }

    String noted() {
      return "%d/%s/%d/%s%s"
          .formatted(writes, columns, name.schema().length(), name.schema(), name.name());
    }
  }

  private UntouchedTables() {}

  /** Only a run touches something. */
  static List<Look> looks(RuleContext context) throws SQLException {
    if (context.phase() == Phase.TARGETED) {
      return List.of();
    }
    List<State> now =
        context.catalogue(TABLES, State::read, new Object[][] {context.scope().touchedOids()});
    if (context.phase() == Phase.BEFORE) {
      now.forEach(state -> context.memory().note(TABLE + state.oid(), state.noted()));
      context.memory().note(HISTORY, lastRank(context));
      return List.of(new Look.Note(null, rows -> List.of()));
    }
    return context.memory().recall(HISTORY).isPresent() ? compare(context, now) : List.of();
  }

  private static String lastRank(RuleContext context) throws SQLException {
    Optional<String> history = history(context);
    return history.isEmpty()
        ? "0"
        : context
            .catalogue(
                "select coalesce(max(installed_rank), 0)::text from " + history.get(),
                row -> row.getString(1))
            .get(0);
  }

  private static List<Look> compare(RuleContext context, List<State> now) throws SQLException {
    Map<Long, State> present = now.stream().collect(Collectors.toMap(State::oid, state -> state));
    Set<Long> touched = Set.of(context.scope().touchedOids());
    Set<TableName> missing = Set.copyOf(context.scope().missing());
    List<Look> looks = new ArrayList<>();
    List<Long> written = new ArrayList<>();
    List<Finding> altered = new ArrayList<>();
    for (Map.Entry<String, String> noted : context.memory().recallAll(TABLE).entrySet()) {
      State before = State.parse(noted.getKey(), noted.getValue());
      if (touched.contains(before.oid()) || missing.contains(before.name())) {
        continue;
      }
      State after = present.get(before.oid());
      if (after == null || !after.columns().equals(before.columns())) {
        altered.add(altered(before.name(), after == null ? "dropped" : "altered"));
      } else if (after.writes() != before.writes()) {
        written.add(before.oid());
      }
    }
    looks.add(new Look.Known(null, altered));
    if (!written.isEmpty()) {
      looks.addAll(writtenByRun(context, written));
    }
    return looks;
  }

  private static List<Look> writtenByRun(RuleContext context, List<Long> written)
      throws SQLException {
    Optional<String> history = history(context);
    if (history.isEmpty()) {
      return List.of(
          new Look.Known(
              null,
              List.of(
                  told(
                      null,
                      "whether the run wrote to tables that it was not to touch is not known:"
                          + " the validator may not read the schema history; grant select"))));
    }
    int rank = Integer.parseInt(context.memory().recall(HISTORY).orElse("0"));
    List<String> transactions =
        context.catalogue(
            "select distinct xmin::text from %s where installed_rank > %d"
                .formatted(history.get(), rank),
            row -> row.getString(1));
    if (transactions.isEmpty()) {
      return List.of();
    }
    String byRun = "c.xmin = any ('{%s}'::xid[])".formatted(String.join(",", transactions));
    return context.tables(written.toArray(Long[]::new)).stream()
        .filter(table -> written.contains(table.oid()))
        .flatMap(table -> Stream.of(look(table, byRun)))
        .toList();
  }

  private static Look look(Table table, String byRun) {
    if (table.rows() > LARGE) {
      String message =
          "whether the run wrote to %s was not looked at, as it is large".formatted(table.name());
      return new Look.Known(table, List.of(told(table.name(), message)));
    }
    return Look.Condition.on(
        table,
        table.ownRows(),
        byRun,
        evidence ->
            new Finding(
                Severity.WARNING,
                table.name(),
                null,
                evidence.rows(),
                "the run wrote %d rows of %s, which it was not known to touch; its backup does not hold them"
                    .formatted(evidence.rows(), table.name()),
                evidence.keys(),
                "select * from %s as c where %s;".formatted(table.ownRows(), byRun)));
  }

  private static Finding altered(TableName table, String how) {
    return new Finding(
        Severity.WARNING,
        table,
        null,
        0,
        "%s was %s while the run was at work, which was not known to touch it"
            .formatted(table, how),
        List.of(),
        null);
  }

  private static Finding told(@Nullable TableName table, String message) {
    return new Finding(Severity.INFO, table, null, 0, message, List.of(), null);
  }

  private static Optional<String> history(RuleContext context) throws SQLException {
    String[] schema = {context.declared().schemas().get(0)};
    return context
        .catalogue(
            READABLE_HISTORY,
            row -> row.getBoolean("readable") ? row.getString("history") : "",
            new Object[][] {schema})
        .stream()
        .filter(name -> !name.isEmpty())
        .findFirst();
  }
}
