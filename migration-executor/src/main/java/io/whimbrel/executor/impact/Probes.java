package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.impact.ProbeResult.Verdict;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for rows that will break what pending statements demand, before these do. Each look reads
 * for a limited time under ACCESS SHARE. The first thousand rows are looked for as such; only if
 * there are more are they counted.
 */
final class Probes {
  private static final int COUNTED_ONE_BY_ONE = 1000;

  private final ReadOnly session;
  private final ImpactSettings settings;
  private final Map<TableName, Subject> subjects = new HashMap<>();
  private final long end;

  Probes(ReadOnly session, ImpactSettings settings) {
    this.session = session;
    this.settings = settings;
    this.end = System.nanoTime() + settings.probing().toNanos();
  }

  List<ProbeResult> of(List<Script> scripts, List<ScriptFacts> facts, int version)
      throws SQLException {
    for (TableName table : ImpactReader.touched(facts)) {
      subjects.put(table, session.look(connection -> Subject.read(connection, table)));
    }
    List<ProbeResult> results = new ArrayList<>();
    for (Demand demand : new Demands(this::subject, new Conversions(version, scripts)).of(facts)) {
      results.add(probe(demand));
    }
    return results;
  }

  private Subject subject(TableName table) {
    return subjects.getOrDefault(table, new Subject(table, false, List.of(), Map.of()));
  }

  private ProbeResult probe(Demand demand) throws SQLException {
    long began = System.nanoTime();
    Duration limit = settings.probe();
    Duration left = Duration.ofNanos(Math.max(0, end - began));
    Found found;
    if (demand.look() instanceof Demand.Untold untold) {
      found = Found.unknown(untold.reason());
    } else if (left.isZero()) {
      found = Found.unknown("not probed, as the time for probes was spent on others");
    } else {
      found = look(demand, left.compareTo(limit) < 0 ? left : limit);
    }
    return result(demand, found, (System.nanoTime() - began) / 1_000_000);
  }

  private Found look(Demand demand, Duration limit) throws SQLException {
    try {
      if (demand.look() instanceof Demand.Search search) {
        Subject subject = subject(demand.table());
        Found first = session.look(limit, c -> first(c, subject, search, limit));
        return first.rows() == COUNTED_ONE_BY_ONE ? count(search, first, limit) : first;
      }
      return convert(demand, limit);
    } catch (SQLException e) {
      if (SqlStates.fatal(e)) {
        throw e;
      }
      return Found.unknown(
          SqlStates.timedOut(e)
              ? "none was found in %d s, which was not enough to read all"
                  .formatted(limit.toSeconds())
              : SqlStates.reason(e));
    }
  }

  /** Reads up to the first thousand; one by one, so that those found before time is up count. */
  private Found first(Connection connection, Subject subject, Demand.Search search, Duration limit)
      throws SQLException {
    String sql =
        "%s select %s from %s where %s limit %d"
            .formatted(
                search.with(),
                subject.keyValues(),
                search.source(),
                search.where(),
                COUNTED_ONE_BY_ONE);
    long deadline = System.nanoTime() + limit.toNanos();
    List<Map<String, String>> keys = new ArrayList<>();
    long rows = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(1);
      try (ResultSet row = statement.executeQuery(sql)) {
        while (row.next()) {
          rows++;
          if (keys.size() < settings.keys() && !subject.key().isEmpty()) {
            keys.add(key(subject, row));
          }
          if (rows == settings.keys()) {
            row.setFetchSize(COUNTED_ONE_BY_ONE / 10);
          }
          if (System.nanoTime() > deadline) {
            return new Found(rows, true, keys, stopped(limit));
          }
        }
      }
    } catch (SQLException e) {
      if (rows > 0 && SqlStates.timedOut(e)) {
        return new Found(rows, true, keys, stopped(limit));
      }
      throw e;
    }
    return new Found(rows, false, keys, null);
  }

  private static Map<String, String> key(Subject subject, ResultSet row) throws SQLException {
    Map<String, String> key = new LinkedHashMap<>();
    for (int i = 0; i < subject.key().size(); i++) {
      key.put(subject.key().get(i), String.valueOf(row.getString(i + 1)));
    }
    return key;
  }

  private Found count(Demand.Search search, Found first, Duration limit) throws SQLException {
    String sql =
        "%s select count(*) from %s where %s"
            .formatted(search.with(), search.source(), search.where());
    try {
      long rows = session.look(limit, connection -> number(connection, sql));
      return new Found(rows, false, first.keys(), null);
    } catch (SQLException e) {
      if (SqlStates.fatal(e)) {
        throw e;
      }
      return new Found(first.rows(), true, first.keys(), stopped(limit));
    }
  }

  private static String stopped(Duration limit) {
    return "stopped after %d s".formatted(limit.toSeconds());
  }

  private Found convert(Demand demand, Duration limit) throws SQLException {
    String expression = ((Demand.Conversion) demand.look()).expression();
    String sql = "select count(%s) from %s".formatted(expression, subject(demand.table()).all());
    try {
      session.look(limit, connection -> number(connection, sql));
      return new Found(0, false, List.of(), null);
    } catch (SQLException e) {
      String state = String.valueOf(e.getSQLState());
      if (state.startsWith("22") || state.startsWith("23")) {
        return new Found(1, true, List.of(), "the first that cannot be converted ended it");
      }
      throw e;
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /**
   * What a look found.
   *
   * @param rows that break the demand; -1 if that is unknown
   */
  private record Found(
      long rows, boolean atLeast, List<Map<String, String>> keys, @Nullable String reason) {
    static Found unknown(String reason) {
      return new Found(-1, false, List.of(), reason);
    }
  }

  /** Rows that pending statements may yet mend do not make a demand fail. */
  private static ProbeResult result(Demand demand, Found found, long durationMs) {
    boolean caveat = !demand.caveat().isEmpty();
    Verdict verdict =
        found.rows() == 0
            ? Verdict.PASSED
            : found.rows() < 0 || caveat ? Verdict.UNKNOWN : Verdict.WOULD_FAIL;
    String reason =
        !caveat || found.rows() < 0
            ? found.reason()
            : found.reason() == null ? demand.caveat() : found.reason() + "; " + demand.caveat();
    return new ProbeResult(
        demand.script(),
        demand.number(),
        demand.line(),
        demand.table(),
        demand.words(),
        verdict,
        found.rows() < 0 ? null : found.rows(),
        found.atLeast(),
        found.keys(),
        reason,
        durationMs);
  }
}
