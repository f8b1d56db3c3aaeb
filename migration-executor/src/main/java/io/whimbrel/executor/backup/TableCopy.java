package io.whimbrel.executor.backup;

import com.github.luben.zstd.ZstdOutputStream;
import io.whimbrel.executor.schema.Quoted;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The rows of one table, through COPY in text format and zstd, into a file and back. */
final class TableCopy {
  private static final int BUFFER = 1 << 16;

  private TableCopy() {}

  /**
   * Copies a table out.
   *
   * @param copied told of every buffer
   */
  static BackupManifest.StoredFile out(
      Connection connection,
      TableShape shape,
      StoredFileWriter file,
      Encryption encryption,
      RowCounter.Counted copied)
      throws SQLException, IOException, BackupFailed {
    long copiedRows;
    RowCounter rows;
    try (file;
        var compressed =
            new ZstdOutputStream(encryption.encrypting(file, file.name())).setChecksum(true);
        var counted = new RowCounter(compressed, copied);
        var buffered = new BufferedOutputStream(counted, BUFFER)) {
      rows = counted;
      copiedRows =
          manager(connection)
              .copyOut(
                  copying(Quoted.table(shape.name()), shape.storedColumns()) + " TO STDOUT",
                  buffered);
    }
    if (copiedRows != rows.rows() || rows.endsWithinRow()) {
      throw new BackupFailed(
          BackupFailed.Reason.INCOMPLETE,
          "%s: PostgreSQL sent %d rows, %d were written"
              .formatted(shape.name(), copiedRows, rows.rows()));
    }
    return file.stored();
  }

  /**
   * Copies rows into any table with these columns and says how many.
   *
   * @param table quoted
   */
  static long in(Connection connection, String table, List<String> columns, InputStream text)
      throws SQLException, IOException {
    return manager(connection).copyIn(copying(table, columns) + " FROM STDIN", text, BUFFER);
  }

  static List<String> stored(BackupManifest.Table table) {
    return table.columns().stream()
        .filter(column -> !column.generated())
        .map(BackupManifest.Column::name)
        .toList();
  }

  /** The statement up to its direction; a table without columns is copied as empty lines. */
  private static String copying(String table, List<String> columns) {
    String list = columns.isEmpty() ? "" : " (" + Quoted.names(columns) + ")";
    return "COPY " + table + list;
  }

  private static CopyManager manager(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }
}
