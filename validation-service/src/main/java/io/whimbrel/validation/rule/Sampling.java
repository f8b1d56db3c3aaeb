package io.whimbrel.validation.rule;

/**
 * How large tables are looked at in mode {@code sample}.
 *
 * @param above tables of at most so many rows are read whole
 * @param rows about how many rows of a larger one are read
 */
public record Sampling(long above, long rows) {

  boolean concerns(Table table) {
    return table.rows() > Math.max(above, rows);
  }

  /** Percent of the table's blocks that are read. */
  double percent(Table table) {
    return Math.max(0.0001, 100.0 * rows / table.rows());
  }
}
