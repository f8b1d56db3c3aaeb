package io.whimbrel.executor.impact;

import io.whimbrel.executor.impact.TableImpact.ReadSpeed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads a few pieces of a large table, at random places, and sees how long the fastest takes: where
 * the table is not in memory, longer than elsewhere. That others were slower may have been due to
 * what else the server did.
 */
final class ReadSample {
  private static final long PIECE = 128;
  private static final int PIECES = 8;
  private static final long ENOUGH_NANOS = 400_000_000;
  private static final int PAGE = 8192;

  /** The largest of the tables that hold its rows, as PostgreSQL quotes it. */
  private static final String LARGEST =
      """
      select c.oid::regclass::text, c.relpages
      from unnest(?::oid[], ?::oid[]) as f (root, oid)
      join pg_catalog.pg_class c on c.oid = f.oid
      where c.relkind in ('r', 'm') and f.root = ?
      order by c.relpages desc limit 1
      """;

  private ReadSample() {}

  static ReadSpeed of(Connection connection, Families families, long table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(LARGEST)) {
      query.setArray(1, connection.createArrayOf("oid", families.roots().toArray()));
      query.setArray(2, connection.createArrayOf("oid", families.members().toArray()));
      query.setLong(3, table);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? pieces(connection, row.getString(1), row.getLong(2))
            : new ReadSpeed(0, 0, 0);
      }
    }
  }

  private static ReadSpeed pieces(Connection connection, String table, long pages)
      throws SQLException {
    ReadSpeed fastest = new ReadSpeed(0, 0, 0);
    long first = System.nanoTime();
    for (int i = 0; i < PIECES && System.nanoTime() - first < ENOUGH_NANOS; i++) {
      long from = ThreadLocalRandom.current().nextLong(Math.max(1, pages - PIECE));
      long to = Math.min(pages, from + PIECE);
      long began = System.nanoTime();
      long rows = rows(connection, table, from, to);
      ReadSpeed piece =
          new ReadSpeed(rows, Math.max(0, to - from) * PAGE, System.nanoTime() - began);
      if (fastest.bytes() == 0 || piece.nanosPerByte() < fastest.nanosPerByte()) {
        fastest = piece;
      }
    }
    return fastest;
  }

  private static long rows(Connection connection, String table, long from, long to)
      throws SQLException {
    String sql =
        "select count(*) from only %s where ctid >= '(%d,0)' and ctid < '(%d,0)'"
            .formatted(table, from, to);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
