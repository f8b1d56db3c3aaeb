package io.whimbrel.executor.backup;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.schema.Quoted;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The rows of one table, through COPY in text format and zstd, into a file and back. */
final class TableCopy {
  private static final int BUFFER = 1 << 16;

  private TableCopy() {}

  /**
   * Copies a table out.
   *
   * @param copied told the number of rows after every buffer; what it throws breaks the copy off
   */
  static BackupManifest.StoredFile out(
      Connection connection, TableShape shape, StoredFileWriter file, LongConsumer copied)
      throws SQLException, IOException, BackupFailed {
    long copiedRows;
    RowCounter rows;
    try (file;
        var compressed = new ZstdOutputStream(file).setChecksum(true);
        var counted = new RowCounter(compressed, copied);
        var buffered = new BufferedOutputStream(counted, BUFFER)) {
      rows = counted;
      copiedRows =
          manager(connection)
              .copyOut(copying(shape.name(), shape.storedColumns()) + " TO STDOUT", buffered);
    }
    if (copiedRows != rows.rows() || rows.endsWithinRow()) {
      throw new BackupFailed(
          BackupFailed.Reason.INCOMPLETE,
          "%s: PostgreSQL sent %d rows, %d were written"
              .formatted(shape.name(), copiedRows, rows.rows()));
    }
    return file.stored();
  }

  /** Copies a table's rows back in and says how many. */
  static long in(Connection connection, BackupManifest.Table table, Path file)
      throws SQLException, IOException {
    String copy = copying(table.name(), stored(table));
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        InputStream text = new ZstdInputStream(raw)) {
      return manager(connection).copyIn(copy + " FROM STDIN", text, BUFFER);
    }
  }

  static List<String> stored(BackupManifest.Table table) {
    return table.columns().stream()
        .filter(column -> !column.generated())
        .map(BackupManifest.Column::name)
        .toList();
  }

  /** The statement up to its direction; a table without columns is copied as empty lines. */
  static String copying(TableName table, List<String> columns) {
    String list = columns.isEmpty() ? "" : " (" + Quoted.names(columns) + ")";
    return "COPY " + Quoted.table(table) + list;
  }

  private static CopyManager manager(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }
}
