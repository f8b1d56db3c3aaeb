package io.whimbrel.validation.rule;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection that reads in short transactions, all of them on the same snapshot. Small readings
 * follow each other in one, for half a second at most, so that no lock on a table lasts much longer
 * than its reading. One that fails ends the transaction, and spoils no other.
 */
public final class TargetReader {
  private static final long LONGEST_NANOS = 500_000_000;

  private final Connection connection;
  private final String begin;
  private final Rows rows;
  private boolean open;
  private long opened;

  /**
   * Reads on this connection, which it leaves open.
   *
   * @param snapshot as {@code pg_export_snapshot()} names it; null for what is there at each
   *     reading
   */
  public TargetReader(Connection connection, @Nullable String snapshot) {
    this.connection = connection;
    this.begin =
        "begin isolation level repeatable read read only"
            + (snapshot == null ? "" : "; set transaction snapshot '" + snapshot + "'");
    this.rows = new Rows(connection);
  }

  /**
   * Reads and puts the outcome of each look into the map. When a reading of several looks fails,
   * each of them is read by itself, so that one that cannot be answered hides no other.
   *
   * @throws SQLException when the failure is a passing one, which is a matter of the whole
   *     validation, or the connection is gone
   */
  public void read(Reading reading, Map<Look, Outcome> outcomes) throws SQLException {
    Optional<Obstacle> obstacle = reading.obstacle();
    if (obstacle.isPresent()) {
      outcomes.put(reading.looks().get(0), new Outcome(List.of(), obstacle.get(), 0));
      return;
    }
    long start = System.nanoTime();
    List<List<Finding>> findings;
    try {
      open();
      findings = reading.read(rows);
      if (rows.prepared() || System.nanoTime() - opened > LONGEST_NANOS) {
        finish();
      }
    } catch (SQLException e) {
      if (SqlStates.passing(e)) {
        throw e;
      }
      open = false;
      execute("rollback");
      failed(reading, e, System.nanoTime() - start, outcomes);
      return;
    }
    long nanos = System.nanoTime() - start;
    for (int i = 0; i < findings.size(); i++) {
      outcomes.put(reading.looks().get(i), new Outcome(findings.get(i), null, nanos));
    }
  }

  private void open() throws SQLException {
    if (!open) {
      execute(begin);
      rows.begun();
      open = true;
      opened = System.nanoTime();
    }
  }

  /** Ends what is open. */
  public void finish() throws SQLException {
    if (open) {
      open = false;
      execute("commit");
    }
  }

  private void failed(Reading reading, SQLException cause, long nanos, Map<Look, Outcome> outcomes)
      throws SQLException {
    if (reading.looks().size() > 1) {
      for (Reading single : reading.single()) {
        read(single, outcomes);
      }
      return;
    }
    Table table = reading.table();
    Obstacle obstacle = Obstacle.of(table == null ? null : table.name(), cause);
    outcomes.put(reading.looks().get(0), new Outcome(List.of(), obstacle, nanos));
  }

  /** Breaks off what is being read; the reading ends with SQLSTATE 57014. */
  public void cancel() throws SQLException {
    rows.cancel();
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
