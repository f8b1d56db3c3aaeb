package io.whimbrel.executor.backup;

import com.github.luben.zstd.ZstdOutputStream;
import io.whimbrel.executor.schema.Quoted;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The rows of one table, through COPY in text format and zstd, into a file and back. */
final class TableCopy {
  /** Settings that make PostgreSQL read a table from its begin to its end, as it is stored. */
  static final Map<String, String> STORED_ORDER =
      Map.of(
          "synchronize_seqscans", "off",
          "max_parallel_workers_per_gather", "0",
          "enable_seqscan", "on",
          "enable_indexscan", "off",
          "enable_indexonlyscan", "off",
          "enable_bitmapscan", "off");

  private static final int BUFFER = 1 << 16;

  private TableCopy() {}

  /** The rows of a table in their file, and what they come to. */
  record Copied(BackupManifest.StoredFile file, Fingerprint contents) {}

  /**
   * Copies a table out. The server hashes each row as it sends it, so the table is read once, and
   * what the file holds is what the fingerprint is of.
   *
   * @param copied told of every buffer
   */
  static Copied out(
      Connection connection,
      TableShape shape,
      StoredFileWriter file,
      Encryption encryption,
      RowCounter.Counted copied)
      throws SQLException, IOException, BackupFailed {
    long copiedRows;
    RowCounter rows;
    HashedRows hashed;
    try (file;
        var compressed =
            new ZstdOutputStream(encryption.encrypting(file, file.name())).setChecksum(true);
        var counted = new RowCounter(compressed, copied);
        var unhashed = new HashedRows(new BufferedOutputStream(counted, BUFFER))) {
      rows = counted;
      hashed = unhashed;
      copiedRows = manager(connection).copyOut(copyingOut(connection, shape), unhashed);
    }
    if (copiedRows != rows.rows() || rows.endsWithinRow()) {
      throw new BackupFailed(
          BackupFailed.Reason.INCOMPLETE,
          "%s: PostgreSQL sent %d rows, %d were written"
              .formatted(shape.name(), copiedRows, rows.rows()));
    }
    return new Copied(file.stored(), Fingerprint.of(shape, rows.rows(), hashed.sum().toString()));
  }

  /**
   * Copies the rows of a query out.
   *
   * @param rows takes each row in one call, its line feed included
   */
  static void out(Connection connection, String query, OutputStream rows)
      throws SQLException, IOException {
    manager(connection).copyOut("COPY (" + query + ") TO STDOUT", rows);
  }

  /**
   * Copies rows into any table with these columns and says how many.
   *
   * @param table quoted
   */
  static long in(Connection connection, String table, List<String> columns, InputStream text)
      throws SQLException, IOException {
    String list = columns.isEmpty() ? "" : " (" + Quoted.names(columns) + ")";
    return manager(connection).copyIn("COPY " + table + list + " FROM STDIN", text, BUFFER);
  }

  static List<String> stored(BackupManifest.Table table) {
    return table.columns().stream()
        .filter(column -> !column.generated())
        .map(BackupManifest.Column::name)
        .toList();
  }

  /** A table without columns is copied as empty lines. */
  private static String copyingOut(Connection connection, TableShape shape) throws SQLException {
    String columns =
        shape.storedColumns().stream()
            .map(column -> ", " + Quoted.name(column))
            .collect(Collectors.joining());
    return "COPY (SELECT %s%s FROM ONLY %s) TO STDOUT"
        .formatted(RowHash.of(connection, shape.stored()), columns, Quoted.table(shape.name()));
  }

  private static CopyManager manager(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }
}
