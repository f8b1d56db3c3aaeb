package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupFailed.Reason;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** What a backup needs before it begins: the right to read every table, and room on the disk. */
final class Preflight {
  /** Rows as compressed text take a third of their table, hardly ever less. */
  private static final int COMPRESSED = 3;

  private Preflight() {}

  static void rights(Connection connection, Collection<TableName> tables)
      throws SQLException, BackupFailed {
    SortedSet<TableName> unreadable = TableRights.lacking(connection, tables, "SELECT");
    if (!unreadable.isEmpty()) {
      throw new BackupFailed(
          Reason.RIGHTS,
          "the role %s may not read %s; grant it SELECT on them"
              .formatted(
                  connection.getMetaData().getUserName(),
                  unreadable.stream().map(TableName::toString).collect(Collectors.joining(", "))));
    }
  }

  static void allRows(Connection connection, Collection<TableShape> tables)
      throws SQLException, BackupFailed {
    String hiding =
        tables.stream()
            .filter(TableShape::hiding)
            .map(shape -> shape.name().toString())
            .collect(Collectors.joining(", "));
    if (!hiding.isEmpty()) {
      throw new BackupFailed(
          Reason.RIGHTS,
          "row security may hide rows of %s from the role %s, so a backup would not be whole;"
                  .formatted(hiding, connection.getMetaData().getUserName())
              + " give the role BYPASSRLS, or let it own them without FORCE ROW LEVEL SECURITY");
    }
  }

  /**
   * Refuses what can hardly fit. What fits by this measure may still fill the disk; that is noticed
   * when it happens.
   */
  static void room(BackupPlace place, BackupPlace.Draft draft, long tableBytes)
      throws IOException, BackupFailed {
    long needed = tableBytes / COMPRESSED;
    long usable = draft.room();
    if (usable < needed) {
      throw new BackupFailed(
          Reason.STORAGE,
          "there is no room for the backup in %s: about %d bytes are needed for tables of %d bytes,"
                  .formatted(place, needed, tableBytes)
              + " %d are free".formatted(usable));
    }
  }
}
