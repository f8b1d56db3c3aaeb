package io.whimbrel.executor.impact;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.TableImpact.Column;
import io.whimbrel.executor.impact.TableImpact.ReadSpeed;
import io.whimbrel.executor.impact.TableImpact.Rows;
import io.whimbrel.executor.impact.TableImpact.Size;
import io.whimbrel.executor.impact.TableImpact.Writes;
import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at tables: first at all of them at once, then, when everything else has been asked, at what
 * has been written to them in the meantime.
 */
final class TableReader {
  private static final int BYTES_OF_AN_UNKNOWN_ROW = 100;

  private static final String SINCE_RESET =
      """
      select extract(epoch from clock_timestamp() - stats_reset)::float8
      from pg_catalog.pg_stat_database where datname = current_database()
      """;

  private final ReadOnly session;
  private final ImpactSettings settings;
  private final Families families;
  private final long began = System.nanoTime();
  private final Map<Long, TableFigures> figures;
  private final Map<Long, List<Column>> columns;
  private final Map<Long, List<Session>> holders;
  private final OnDisk files;
  private final Optional<Double> sinceReset;
  private final Map<Long, Rows> counted = new HashMap<>();
  private final Map<Long, ReadSpeed> read = new HashMap<>();
  private final Map<Long, List<String>> unknown = new HashMap<>();

  TableReader(ReadOnly session, ImpactSettings settings, Set<TableName> tables)
      throws SQLException {
    this.session = session;
    this.settings = settings;
    this.families = session.look(connection -> Families.of(connection, tables));
    this.figures = session.look(connection -> TableFigures.read(connection, families));
    this.columns = session.look(connection -> TableFigures.columns(connection, families));
    this.holders = session.look(connection -> Onlookers.holders(connection, families));
    this.files = OnDisk.read(session, families);
    this.sinceReset = session.look(TableReader::sinceReset);
    for (Long table : families.names().keySet()) {
      count(table);
    }
  }

  private static Optional<Double> sinceReset(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SINCE_RESET);
        ResultSet row = query.executeQuery()) {
      return row.next() ? Optional.ofNullable(row.getObject(1, Double.class)) : Optional.empty();
    }
  }

  /** Counts the rows of a small table; otherwise takes the estimate. */
  private void count(long table) throws SQLException {
    List<String> gaps = new ArrayList<>();
    unknown.put(table, gaps);
    Size size = size(table);
    if (!size.measured()) {
      gaps.add("sizes are the last estimates: someone holds or wants ACCESS EXCLUSIVE on it");
    } else if (size.heap() <= settings.countedBytes()) {
      try {
        counted.put(table, new Rows(session.look(c -> exact(c, table)), true, null, null));
      } catch (SQLException e) {
        if (SqlStates.fatal(e)) {
          throw e;
        }
        gaps.add("rows are an estimate: " + SqlStates.reason(e));
      }
    } else {
      sampled(table);
    }
    if (columns.getOrDefault(table, List.of()).stream().allMatch(c -> c.width() == null)) {
      gaps.add(
          "widths of columns: no statistics that the role may see; run ANALYZE or grant SELECT");
    }
  }

  private void sampled(long table) throws SQLException {
    try {
      ReadSpeed speed = session.look(c -> ReadSample.of(c, families, table));
      if (speed.bytes() > 0) {
        read.put(table, speed);
      }
    } catch (SQLException e) {
      if (SqlStates.fatal(e)) {
        throw e;
      }
      unknown
          .computeIfAbsent(table, t -> new ArrayList<>())
          .add("how fast it can be read: " + SqlStates.reason(e));
    }
  }

  private long exact(Connection connection, long table) throws SQLException {
    String sql = "select count(*) from " + Quoted.table(name(table));
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** All of them; waits until the writes have been watched for long enough. */
  List<TableImpact> tables() throws SQLException, InterruptedException {
    if (families.names().isEmpty()) {
      return List.of();
    }
    Duration watched = Duration.ofNanos(System.nanoTime() - began);
    if (watched.compareTo(settings.sample()) < 0) {
      Thread.sleep(settings.sample().minus(watched).toMillis() + 1);
    }
    Map<Long, Long> now = session.look(c -> TableFigures.writes(c, families));
    long elapsed = Math.max(1, (System.nanoTime() - began) / 1_000_000);
    List<TableImpact> tables = new ArrayList<>();
    for (Long table : families.names().keySet()) {
      tables.add(table(table, now.getOrDefault(table, 0L), elapsed));
    }
    return tables;
  }

  private TableImpact table(long table, long writes, long elapsedMs) {
    TableFigures known = known(table);
    return new TableImpact(
        name(table),
        known.parts(),
        counted.getOrDefault(table, estimate(known, size(table).heap())),
        size(table),
        files.indexes().getOrDefault(table, List.of()),
        columns.getOrDefault(table, List.of()),
        known.links(),
        new Writes(
            Math.max(0, writes - known.writes()) * 1000.0 / elapsedMs,
            elapsedMs,
            sinceReset.filter(s -> s > 0).map(s -> writes / s).orElse(null)),
        holders.getOrDefault(table, List.of()),
        known.vacuum(),
        read.get(table),
        unknown.getOrDefault(table, List.of()));
  }

  /** As the planner estimates: as many rows to a page as there were, and the pages there are. */
  private static Rows estimate(TableFigures known, long heap) {
    if (known.neverAnalyzed()) {
      long rows = known.live() > 0 ? known.live() : heap / BYTES_OF_AN_UNKNOWN_ROW;
      return new Rows(rows, false, null, null);
    }
    double pages = known.pages();
    double rows = pages > 0 ? known.tuples() / pages * (heap / 8192.0) : known.tuples();
    return new Rows(Math.round(rows), false, known.asOf(), known.changed());
  }

  private Size size(long table) {
    return files.sizes().getOrDefault(table, new Size(0, 0, 0, true));
  }

  private TableFigures known(long table) {
    TableFigures known = figures.get(table);
    if (known == null) {
      throw new IllegalStateException("no figures of " + name(table));
    }
    return known;
  }

  private TableName name(long table) {
    TableName name = families.names().get(table);
    if (name == null) {
      throw new IllegalStateException("table " + table + " was not asked for");
    }
    return name;
  }
}
