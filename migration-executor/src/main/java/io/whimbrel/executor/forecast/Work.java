package io.whimbrel.executor.forecast;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.TableImpact;
import io.whimbrel.executor.impact.TableImpact.Column;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that takes time.
 *
 * @param nanos how long, by the calibration
 * @param guessed whether the number of rows is the planner's estimate and not the table's
 * @param most nanoseconds that it may take where the planner had nothing to estimate from; else 0
 */
record Work(
    WorkKind kind,
    @Nullable TableName table,
    long rows,
    long bytes,
    double nanos,
    boolean guessed,
    double most) {

  private static final int PAGE = 8192;
  private static final int INDEX_TUPLE = 16;
  private static final int NUMBER = 8;

  Work(
      WorkKind kind,
      @Nullable TableName table,
      long rows,
      long bytes,
      double nanos,
      boolean guessed) {
    this(kind, table, rows, bytes, nanos, guessed, 0);
  }

  /** The same, if it may as well be all of this. */
  Work orAsMuchAs(Work all) {
    return new Work(kind, table, rows, bytes, nanos, guessed, Math.max(nanos, all.nanos));
  }

  static double doublings(double rows) {
    return Math.log(Math.max(2, rows)) / Math.log(2);
  }

  static Work catalogue(Calibration speeds) {
    return new Work(WorkKind.CATALOGUE, null, 0, 0, speeds.nanos(Speed.STATEMENT), false);
  }

  static Work scan(Calibration speeds, TableImpact table, boolean checks) {
    double rows = table.rows().count();
    double nanos = reading(speeds, table) + (checks ? rows * speeds.nanos(Speed.CHECK_ROW) : 0);
    return whole(WorkKind.SCAN, table, nanos);
  }

  static Work lookup(Calibration speeds, TableImpact child, long parents) {
    double nanos = (child.rows().count() + parents) * speeds.nanos(Speed.LOOKUP_ROW);
    return whole(WorkKind.LOOKUP, child, nanos + waitingForDisk(speeds, child));
  }

  /**
   * @param defaults how many columns get a value that is computed for each row
   */
  static Work rewrite(Calibration speeds, TableImpact table, long defaults) {
    double nanos =
        table.rows().count() * defaults * speeds.nanos(Speed.VALUE)
            + table.rows().count() * speeds.nanos(Speed.REWRITE_ROW)
            + live(table) * speeds.nanos(Speed.REWRITE_BYTE);
    return whole(WorkKind.REWRITE, table, nanos + waitingForDisk(speeds, table));
  }

  /**
   * @param keys columns of the index; one that is unknown counts as a text
   * @param method how it is organised; others than btree are known less well
   */
  static Work index(
      Calibration speeds, TableImpact table, List<String> keys, String method, boolean twice) {
    double rows = table.rows().count();
    double sorting = 0;
    double width = INDEX_TUPLE;
    for (int i = 0; i < keys.size(); i++) {
      Column column = table.column(keys.get(i)).orElse(null);
      boolean text = column == null ? keys.get(i).isEmpty() : column.collated();
      Integer known = column == null ? null : column.width();
      width += known == null ? (text ? 4 * NUMBER : NUMBER) : known;
      // Later columns are compared only where earlier ones are equal.
      sorting += speeds.nanos(text ? Speed.SORT_TEXT : Speed.SORT) * (i == 0 ? 1 : 0.2);
    }
    double built = rows * (method.equals("brin") ? 0 : sorting * doublings(rows)) * effort(method);
    double read = reading(speeds, table) * (twice ? 2 : 1);
    return new Work(
        WorkKind.INDEX,
        table.table(),
        table.rows().count(),
        Math.round(rows * width),
        read + built + waitingForDisk(speeds, table),
        false);
  }

  /** Compared with a btree; rough, as it depends on what is in the values. */
  private static double effort(String method) {
    return switch (method) {
      case "gin" -> 6;
      case "gist", "spgist" -> 4;
      default -> 1;
    };
  }

  static Work insert(Calibration speeds, TableImpact table, long rows) {
    double bytes = rows * width(table);
    double nanos =
        rows * speeds.nanos(Speed.INSERT_ROW)
            + bytes * speeds.nanos(Speed.INSERT_BYTE)
            + rows * entries(speeds, table)
            + rows * table.links().foreignKeys() * speeds.nanos(Speed.REFERENCE);
    return changed(WorkKind.INSERT, table, rows, bytes, nanos);
  }

  static Work update(Calibration speeds, TableImpact table, long rows) {
    double bytes = rows * width(table);
    double nanos =
        rows * speeds.nanos(Speed.UPDATE_ROW)
            + bytes * speeds.nanos(Speed.UPDATE_BYTE)
            + rows * entries(speeds, table)
            + logged(speeds, table, rows);
    return changed(WorkKind.UPDATE, table, rows, bytes, nanos);
  }

  static Work delete(Calibration speeds, TableImpact table, long rows) {
    double nanos =
        rows * speeds.nanos(Speed.DELETE_ROW)
            + rows * table.links().referencedBy() * speeds.nanos(Speed.REFERENCE)
            + logged(speeds, table, rows);
    return changed(WorkKind.DELETE, table, rows, rows * width(table), nanos);
  }

  private static double entries(Calibration speeds, TableImpact table) {
    return table.indexes().size() * speeds.nanos(Speed.ENTRY);
  }

  /** A page that changes first after a checkpoint goes into the log as a whole. */
  private static double logged(Calibration speeds, TableImpact table, long rows) {
    double pages = (double) table.size().heap() / PAGE;
    double touched = pages <= 0 ? 0 : pages * (1 - Math.exp(-rows / pages));
    return touched * PAGE * speeds.nanos(Speed.REWRITE_BYTE) / 2;
  }

  /** To read a table from end to end. */
  static double reading(Calibration speeds, TableImpact table) {
    return table.rows().count() * speeds.nanos(Speed.SCAN_ROW)
        + table.size().heap() * speeds.nanos(Speed.SCAN_BYTE)
        + waitingForDisk(speeds, table);
  }

  /** What a page of this table takes longer to come than one of the calibration did. */
  private static double waitingForDisk(Calibration speeds, TableImpact table) {
    TableImpact.ReadSpeed seen = table.read();
    if (seen == null || seen.bytes() == 0) {
      return 0;
    }
    double expected =
        seen.rows() * speeds.nanos(Speed.SCAN_ROW) + seen.bytes() * speeds.nanos(Speed.SCAN_BYTE);
    double longer = Math.max(0, seen.nanos() - 2 * expected);
    return longer / seen.bytes() * table.size().heap();
  }

  private static double width(TableImpact table) {
    long rows = Math.max(1, table.rows().count());
    return table.rows().count() == 0 ? 100 : live(table) / rows;
  }

  /** Bytes without what dead rows take. */
  private static double live(TableImpact table) {
    double all = (double) table.size().heap() + table.size().toast();
    double rows = table.rows().count();
    double dead = table.vacuum().deadRows();
    return rows + dead <= 0 ? all : all * rows / (rows + dead);
  }

  private static Work whole(WorkKind kind, TableImpact table, double nanos) {
    return new Work(kind, table.table(), table.rows().count(), table.size().heap(), nanos, false);
  }

  private static Work changed(
      WorkKind kind, TableImpact table, long rows, double bytes, double nanos) {
    return new Work(kind, table.table(), rows, Math.round(bytes), nanos, true);
  }

  Work times(int count) {
    return count == 1
        ? this
        : new Work(kind, table, rows * count, bytes * count, nanos * count, guessed, most * count);
  }
}
