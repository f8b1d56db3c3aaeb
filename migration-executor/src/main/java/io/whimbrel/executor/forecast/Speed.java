package io.whimbrel.executor.forecast;

/**
 * How fast a server does one thing, in nanoseconds. The defaults are of a small virtual machine
 * whose tables fit into memory.
 */
public enum Speed {
  /** To read a row, and to see that a column of it is not null. */
  SCAN_ROW(60),
  SCAN_BYTE(0.15),
  /** To evaluate a simple check, beside reading. */
  CHECK_ROW(40),
  /** To find a row's parent, for each row of either table. */
  LOOKUP_ROW(200),
  /** To sort a row into an index of numbers, for each row and each doubling of the rows. */
  SORT(12),
  /** The same of texts. */
  SORT_TEXT(60),
  REWRITE_ROW(400),
  REWRITE_BYTE(4),
  INSERT_ROW(700),
  INSERT_BYTE(4),
  UPDATE_ROW(1500),
  UPDATE_BYTE(5),
  DELETE_ROW(600),
  /** To add a row to an index that is there. */
  ENTRY(1500),
  /** To check one foreign key of one row. */
  REFERENCE(6000),
  /** To compute a default for a row, as of {@code gen_random_uuid()}. */
  VALUE(1500),
  /** What any statement takes. */
  STATEMENT(1_000_000),
  /** To make a transaction last. */
  COMMIT(3_000_000);

  private final double usual;

  Speed(double usual) {
    this.usual = usual;
  }

  /** Nanoseconds, where nothing has been measured. */
  double usual() {
    return usual;
  }
}
