package io.whimbrel.executor.rehearsal;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.ColumnUse;
import io.whimbrel.executor.rehearsal.facts.ColumnUses;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.schema.Quoted;
import io.whimbrel.target.Target;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Finds out which of the columns that scripts drop or rename are in the statements of programs: one
 * of {@code pg_stat_statements} that PostgreSQL parses on the target, and that it does not parse in
 * the scratch database after the scripts, as a column is not there. Nothing is executed, and the
 * target is only read. Statements of the target's own roles are not those of programs.
 */
final class ProgramStatements {
  private static final int MOST = 300;
  private static final Duration TIME = Duration.ofSeconds(2);
  private static final String UNDEFINED_COLUMN = "42703";
  private static final String HIDDEN = "<insufficient privilege>";
  private static final Pattern NAME =
      Pattern.compile(
          "(?:(?:\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)\\s*\\.\\s*)*"
              + "(\"(?:[^\"]|\"\")+\"|[\\p{L}_][\\p{L}\\p{N}_$]*)");

  private static final String EXTENSION =
      """
      SELECT pg_catalog.quote_ident(n.nspname) FROM pg_catalog.pg_extension e
      JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'pg_stat_statements'
      """;

  private static final String STATEMENTS =
      """
      SELECT s.query, sum(s.calls)::bigint, (SELECT i.stats_reset FROM %1$s.pg_stat_statements_info i)
      FROM %1$s.pg_stat_statements s
      WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
          WHERE d.datname = pg_catalog.current_database())
        AND pg_catalog.pg_get_userbyid(s.userid) <> ALL (?)
        AND (s.query ILIKE ANY (?) OR s.query = ?)
      GROUP BY s.query ORDER BY 2 DESC LIMIT ?
      """;

  private final Target target;
  private final Connection real;
  private final Connection scratch;
  private boolean late;

  private record Column(TableName table, String name) {}

  private record Candidate(String text, long calls) {}

  private ProgramStatements(Target target, Connection real, Connection scratch) {
    this.target = target;
    this.real = real;
    this.scratch = scratch;
  }

  /**
   * Looks for them; what keeps it from that is in the answer.
   *
   * @param real a connection to the target, in autocommit mode
   * @param scratch where the scripts have run
   */
  static ColumnUses of(
      Target target, Connection real, Connection scratch, List<ScriptFacts> scripts) {
    Set<Column> gone = gone(scripts);
    if (gone.isEmpty()) {
      return ColumnUses.NONE;
    }
    try {
      return new ProgramStatements(target, real, scratch).uses(gone);
    } catch (SQLException e) {
      return ColumnUses.unknown(
          "whether programs use columns that are dropped or renamed is not known, as"
              + " pg_stat_statements cannot be read, SQLSTATE "
              + e.getSQLState());
    }
  }

  private static Set<Column> gone(List<ScriptFacts> scripts) {
    Set<Column> gone = new HashSet<>();
    scripts.stream()
        .flatMap(script -> script.statements().stream())
        .flatMap(statement -> statement.changes().columns().stream())
        .filter(
            change ->
                change.dropped()
                    || (change.altered() && !change.was().name().equals(change.is().name())))
        .forEach(
            change -> {
              TableName table = change.was().onTarget();
              if (table != null) {
                gone.add(new Column(table, change.was().name()));
              }
            });
    return gone;
  }

  private ColumnUses uses(Set<Column> gone) throws SQLException {
    String schema = extension();
    if (schema == null) {
      return ColumnUses.unknown(
          "whether programs use columns that are dropped or renamed is not known, as the target's"
              + " database has no extension pg_stat_statements");
    }
    List<Candidate> candidates = new ArrayList<>();
    @Nullable Instant since = null;
    boolean hidden = false;
    try (PreparedStatement query = real.prepareStatement(STATEMENTS.formatted(schema))) {
      query.setArray(1, texts(List.of(target.executor().user(), target.validator().user())));
      query.setArray(2, texts(gone.stream().map(column -> like(column.name())).toList()));
      query.setString(3, HIDDEN);
      query.setInt(4, MOST);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          OffsetDateTime reset = row.getObject(3, OffsetDateTime.class);
          since = reset == null ? null : reset.toInstant();
          if (row.getString(1).equals(HIDDEN)) {
            hidden = true;
          } else {
            candidates.add(new Candidate(row.getString(1), row.getLong(2)));
          }
        }
      }
    }
    List<ColumnUse> broken = broken(gone, candidates);
    return new ColumnUses(
        broken,
        since,
        late
            ? "there was no time to have all statements parsed that name a column which is dropped"
                + " or renamed"
            : hidden
                ? "pg_stat_statements hides statements of others from the role; grant it"
                    + " pg_read_all_stats to know whether they use columns that are dropped or"
                    + " renamed"
                : candidates.size() == MOST
                    ? "only the "
                        + MOST
                        + " most frequent statements that name such a column were read"
                    : null);
  }

  private @Nullable String extension() throws SQLException {
    try (Statement statement = real.createStatement();
        ResultSet row = statement.executeQuery(EXTENSION)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private Array texts(List<String> values) throws SQLException {
    return real.createArrayOf("text", values.toArray());
  }

  private static String like(String name) {
    return "%" + name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
  }

  private List<ColumnUse> broken(Set<Column> gone, List<Candidate> candidates) throws SQLException {
    Map<String, ColumnUse> uses = new TreeMap<>();
    real.setAutoCommit(false);
    boolean open = !scratch.getAutoCommit();
    scratch.setAutoCommit(false);
    try {
      execute(real, "SET TRANSACTION READ ONLY");
      for (Connection each : List.of(real, scratch)) {
        execute(each, "SET LOCAL search_path = " + Quoted.names(target.schemas()));
        execute(each, "SET LOCAL lock_timeout = '200ms'");
      }
      long end = System.nanoTime() + TIME.toNanos();
      for (Candidate candidate : candidates) {
        // A table that someone has locked takes some of it each time.
        late = System.nanoTime() - end > 0;
        if (late) {
          break;
        }
        if (failure(real, candidate.text()) == null) {
          missing(candidate.text()).forEach(name -> count(gone, name, candidate, uses));
        }
      }
    } finally {
      real.rollback();
      real.setAutoCommit(true);
      if (!open) {
        scratch.rollback();
        scratch.setAutoCommit(true);
      }
    }
    return List.copyOf(uses.values());
  }

  private static void count(
      Set<Column> gone, String name, Candidate candidate, Map<String, ColumnUse> uses) {
    String text = candidate.text().toLowerCase(Locale.ROOT);
    for (Column column : gone) {
      if (column.name().equals(name)
          && text.contains(column.table().name().toLowerCase(Locale.ROOT))) {
        uses.merge(
            column.table() + " " + name,
            new ColumnUse(column.table(), name, 1, candidate.calls()),
            (a, b) ->
                new ColumnUse(
                    a.table(), a.column(), a.statements() + b.statements(), a.calls() + b.calls()));
      }
    }
  }

  /** The column that PostgreSQL does not find after the scripts, where it says which. */
  private List<String> missing(String text) throws SQLException {
    PSQLException failure = failure(scratch, text);
    ServerErrorMessage message = failure == null ? null : failure.getServerErrorMessage();
    if (message == null || !UNDEFINED_COLUMN.equals(message.getSQLState())) {
      return List.of();
    }
    int at = message.getPosition() - 1 - PREFIX.length();
    Matcher name = NAME.matcher(text);
    return at >= 0 && at < text.length() && name.region(at, text.length()).lookingAt()
        ? List.of(plain(name.group(1)))
        : List.of();
  }

  private static String plain(String name) {
    return name.startsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name.toLowerCase(Locale.ROOT);
  }

  private static final String PREFIX = "PREPARE whimbrel_use AS ";

  /** What PostgreSQL has against a statement when it parses it; null if nothing. */
  private static @Nullable PSQLException failure(Connection connection, String text)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      execute(connection, PREFIX + text);
      execute(connection, "DEALLOCATE whimbrel_use");
      return null;
    } catch (PSQLException e) {
      return e;
    } finally {
      // What was parsed is locked until then.
      connection.rollback(before);
      connection.releaseSavepoint(before);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
