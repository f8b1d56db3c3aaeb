package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The checkpoints in a target, one for each script that is half way. They are written in the
 * transaction whose work they tell of.
 */
public final class Checkpoints {

  private Checkpoints() {}

  /**
   * Forgets how far a script is, so that it begins anew; for a rollback that has taken its effects
   * back, in the same transaction.
   *
   * @param script the script's path as in the schema history
   */
  public static void clear(Connection connection, String script) throws SQLException {
    if (!Fence.exists(connection)) {
      return;
    }
    try (PreparedStatement delete =
        connection.prepareStatement("delete from whimbrel.checkpoint where script = ?")) {
      delete.setString(1, script);
      delete.executeUpdate();
    }
  }

  /** What of a script is committed, in words; empty if nothing is, or all of it. */
  public static Optional<String> committed(Connection connection, String script)
      throws SQLException {
    if (!Fence.exists(connection)) {
      return Optional.empty();
    }
    String sql =
        "select case when rows_done > 0 then rows_done || ' rows in batches'"
            + " when started or statement > 0 then 'up to its statement '"
            + " || (statement + cast(started as integer)) end"
            + " from whimbrel.checkpoint where script = ?";
    return Optional.ofNullable(Sql.text(connection, sql, script));
  }

  /**
   * Where the script goes on.
   *
   * @throws Refusal if another text of it was stopped half way
   */
  static Optional<Checkpoint> find(Connection connection, Script script) throws SQLException {
    String sql = "select * from whimbrel.checkpoint where script = ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, script.migration().script());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return Optional.empty();
        }
        if (row.getInt("checksum") != script.migration().checksum()) {
          throw new Refusal(
              script.migration().script()
                  + " was stopped half way and has been changed since; roll its run back, or put"
                  + " the former text back, before it is run again");
        }
        return Optional.of(
            new Checkpoint(
                row.getInt("statement"),
                row.getBoolean("started"),
                row.getString("last_key"),
                row.getString("upper_bound"),
                row.getLong("rows_done"),
                row.getLong("rows_total"),
                row.getLong("affected")));
      }
    }
  }

  static void write(Connection connection, Script script, Checkpoint checkpoint)
      throws SQLException {
    String sql =
        """
        insert into whimbrel.checkpoint (script, checksum, statement, started, last_key,
          upper_bound, rows_done, rows_total, affected)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (script) do update set statement = excluded.statement,
          started = excluded.started, last_key = excluded.last_key,
          upper_bound = excluded.upper_bound, rows_done = excluded.rows_done,
          rows_total = excluded.rows_total, affected = excluded.affected, written_at = now()
        """;
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, script.migration().script());
      insert.setInt(2, script.migration().checksum());
      insert.setInt(3, checkpoint.statement());
      insert.setBoolean(4, checkpoint.started());
      insert.setString(5, checkpoint.lastKey());
      insert.setString(6, checkpoint.upperBound());
      insert.setLong(7, checkpoint.rowsDone());
      insert.setLong(8, checkpoint.rowsTotal());
      insert.setLong(9, checkpoint.affected());
      insert.executeUpdate();
    }
  }
}
