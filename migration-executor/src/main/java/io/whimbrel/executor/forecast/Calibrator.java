package io.whimbrel.executor.forecast;

import io.whimbrel.executor.forecast.Calibration.Measured;
import io.whimbrel.executor.forecast.Forecast.Source;
import io.whimbrel.executor.rehearsal.ScratchDatabase;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Measures how fast a target's server is, with tables of its own: in a scratch database beside the
 * target, where they are written as the target's are, or with temporary tables in it, or not at
 * all, as far as the role may. It takes a few seconds; what it made is gone afterwards, and a
 * scratch database that a crash has left goes with the next one of the same name.
 */
public final class Calibrator {
  private static final Logger LOG = Logger.getLogger(Calibrator.class);
  private static final int ROUNDS = 2;
  private static final int NARROW = 250_000;
  private static final int WIDE = 40_000;
  private static final int PARENTS = 50_000;
  private static final int REFERENCES = 30_000;
  private static final int VALUES = 20_000;

  /** Bytes of a row on a page, with its header and its place in the page's list. */
  private static final double NARROW_BYTES = 40.5;

  private static final double WIDE_BYTES = 376;

  private static final String NO_RIGHT = "42501";

  private final Connection connection;
  private final String kind;
  private final Stop stop;
  private final Map<Speed, List<Double>> seen = new EnumMap<>(Speed.class);

  private Calibrator(Connection connection, String kind, Stop stop) {
    this.connection = connection;
    this.kind = kind;
    this.stop = stop;
  }

  /**
   * Measures a target; never fails for want of a right.
   *
   * @param id names the scratch database
   * @throws SQLException if the target cannot be reached, or fails for another reason
   */
  public static Calibration measure(Target target, UUID id) throws SQLException {
    return measure(target, id, new Stop());
  }

  /**
   * The same, as long as nobody wants it to stop.
   *
   * @throws SQLException 57014 if it was stopped
   */
  static Calibration measure(Target target, UUID id, Stop stop) throws SQLException {
    String application = "whimbrel-calibration:" + id;
    try (Connection admin = target.connect(target.executor(), application)) {
      try (ScratchDatabase scratch = ScratchDatabase.create(admin, target.rehearsedAtHome(), id);
          Connection connection = scratch.connect(application)) {
        return new Calibrator(connection, "", stop).measure(Source.SCRATCH_DATABASE);
      } catch (SQLException e) {
        orThrow(e);
        LOG.infof("Target %s is not calibrated in a scratch database: no right", target.name());
      }
      try {
        return new Calibrator(admin, "temporary", stop).measure(Source.TEMPORARY_TABLE);
      } catch (SQLException e) {
        orThrow(e);
        LOG.infof(
            "Target %s is not calibrated with temporary tables: no right; usual speeds apply",
            target.name());
        return Calibration.DEFAULTS;
      }
    }
  }

  // What fails today for another reason than a right may do tomorrow, and is no result to keep.
  private static void orThrow(SQLException e) throws SQLException {
    if (!NO_RIGHT.equals(e.getSQLState())) {
      throw e;
    }
  }

  private Calibration measure(Source source) throws SQLException {
    run("set statement_timeout = '30s'");
    small();
    for (int round = 0; round < ROUNDS; round++) {
      round();
    }
    Map<Speed, Double> speeds = Calibration.none();
    seen.forEach((speed, values) -> speeds.put(speed, mean(values)));
    return new Calibration(source, Instant.now(), speeds, Map.of());
  }

  /** What does not grow with a table. */
  private void small() throws SQLException {
    run("create " + kind + " table whimbrel_small (id int)");
    double[] statements = new double[9];
    double[] commits = new double[9];
    for (int i = 0; i < statements.length; i++) {
      connection.setAutoCommit(false);
      statements[i] = time("alter table whimbrel_small add column c" + i + " int");
      long began = System.nanoTime();
      connection.commit();
      commits[i] = System.nanoTime() - began;
      connection.setAutoCommit(true);
    }
    run("drop table whimbrel_small");
    double values = time("select count(gen_random_uuid()) from generate_series(1, " + VALUES + ")");
    note(Speed.VALUE, values / VALUES);
    note(Speed.STATEMENT, median(statements));
    note(Speed.COMMIT, median(commits));
  }

  private void round() throws SQLException {
    run(
        "create " + kind + " table whimbrel_narrow (id int, ref int, amount int)",
        "create "
            + kind
            + " table whimbrel_wide (id int, ref int, amount int, code text, pad text)");
    pair(
        Speed.INSERT_ROW,
        Speed.INSERT_BYTE,
        "insert into whimbrel_narrow select i, 1 + (i * 7919::bigint) % "
            + PARENTS
            + ", (i * 104729::bigint) % 1000003 from generate_series(1, "
            + NARROW
            + ") i",
        "insert into whimbrel_wide select i, i, (i * 104729::bigint) % 1000003, md5(i::text),"
            + " repeat('x', 280) from generate_series(1, "
            + WIDE
            + ") i");
    // As on tables that have been in use for a while.
    run("vacuum (analyze) whimbrel_narrow, whimbrel_wide");
    scans();
    indexes();
    keys();
    pair(
        Speed.REWRITE_ROW,
        Speed.REWRITE_BYTE,
        "alter table whimbrel_narrow alter ref type bigint",
        "alter table whimbrel_wide alter ref type bigint");
    changes();
    run("drop table whimbrel_narrow, whimbrel_wide");
  }

  private void scans() throws SQLException {
    pair(
        Speed.SCAN_ROW,
        Speed.SCAN_BYTE,
        "alter table whimbrel_narrow alter amount set not null",
        "alter table whimbrel_wide alter amount set not null");
    double checked = time("alter table whimbrel_narrow add constraint c check (amount >= 0)");
    double read = last(Speed.SCAN_ROW) * NARROW + last(Speed.SCAN_BYTE) * NARROW * NARROW_BYTES;
    note(Speed.CHECK_ROW, Math.max(0, checked - overhead() - read) / NARROW);
  }

  private void indexes() throws SQLException {
    double numbers = time("create index whimbrel_by_amount on whimbrel_narrow (amount)");
    note(Speed.SORT, sorting(numbers, NARROW, NARROW_BYTES));
    double texts = time("create index whimbrel_by_code on whimbrel_wide (code)");
    note(Speed.SORT_TEXT, sorting(texts, WIDE, WIDE_BYTES));
    run("drop index whimbrel_by_amount", "drop index whimbrel_by_code");
  }

  private double sorting(double nanos, int rows, double rowBytes) {
    double read = last(Speed.SCAN_ROW) * rows + last(Speed.SCAN_BYTE) * rows * rowBytes;
    return Math.max(0, nanos - overhead() - read) / (rows * Work.doublings(rows));
  }

  private void keys() throws SQLException {
    run(
        "create " + kind + " table whimbrel_parent (id int primary key)",
        "insert into whimbrel_parent select generate_series(1, " + PARENTS + ")",
        "analyze whimbrel_parent");
    double all =
        time(
            "alter table whimbrel_narrow add constraint k foreign key (ref)"
                + " references whimbrel_parent");
    note(Speed.LOOKUP_ROW, Math.max(0, all - overhead()) / (NARROW + PARENTS));
    run(
        "alter table whimbrel_narrow drop constraint k",
        "create " + kind + " table whimbrel_child (id int, ref int references whimbrel_parent)");
    double inserted =
        time(
            "insert into whimbrel_child select i, i from generate_series(1, " + REFERENCES + ") i");
    double rows =
        last(Speed.INSERT_ROW) * REFERENCES + last(Speed.INSERT_BYTE) * REFERENCES * NARROW_BYTES;
    note(Speed.REFERENCE, Math.max(0, inserted - overhead() - rows) / REFERENCES);
    run("drop table whimbrel_child", "drop table whimbrel_parent");
  }

  private void changes() throws SQLException {
    pair(
        Speed.UPDATE_ROW,
        Speed.UPDATE_BYTE,
        "update whimbrel_narrow set amount = amount + 1",
        "update whimbrel_wide set amount = amount + 1");
    run(
        "vacuum whimbrel_wide",
        "create index whimbrel_by_id on whimbrel_wide (id)",
        "create index whimbrel_by_amount on whimbrel_wide (amount)");
    double indexed = time("update whimbrel_wide set amount = amount + 1");
    double plain = last(Speed.UPDATE_ROW) * WIDE + last(Speed.UPDATE_BYTE) * WIDE * WIDE_BYTES;
    note(Speed.ENTRY, Math.max(0, indexed - overhead() - plain) / (2.0 * WIDE));
    double deleted = time("delete from whimbrel_narrow");
    note(Speed.DELETE_ROW, Math.max(0, deleted - overhead()) / NARROW);
  }

  /** The same on the narrow and on the wide table tells what a row takes and what a byte. */
  private void pair(Speed row, Speed perByte, String narrow, String wide) throws SQLException {
    Map<Speed, Double> solved = Calibration.none();
    Calibration.solve(
        solved,
        row,
        perByte,
        new Measured(NARROW, NARROW * NARROW_BYTES, Math.max(0, time(narrow) - overhead())),
        new Measured(WIDE, WIDE * WIDE_BYTES, Math.max(0, time(wide) - overhead())));
    solved.forEach(this::note);
  }

  private double overhead() {
    return last(Speed.STATEMENT) + last(Speed.COMMIT);
  }

  private void note(Speed speed, double nanos) {
    seen.computeIfAbsent(speed, s -> new ArrayList<>()).add(nanos);
  }

  private double last(Speed speed) {
    List<Double> values = seen.getOrDefault(speed, List.of());
    return values.isEmpty() ? speed.usual() : values.get(values.size() - 1);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private double time(String sql) throws SQLException {
    long began = System.nanoTime();
    run(sql);
    return System.nanoTime() - began;
  }

  private void run(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        stop.begins(connection);
        try {
          statement.execute(sql);
        } finally {
          stop.ended(connection);
        }
      }
    }
  }
}
