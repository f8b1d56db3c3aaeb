package io.whimbrel.executor.forecast;

/** What takes the time of a statement. */
public enum WorkKind {
  /** Changes of the catalogue alone; a few milliseconds whatever the table holds. */
  CATALOGUE,
  /** Every row is read and checked. */
  SCAN,
  /** Every row is looked up in another table, to validate a foreign key. */
  LOOKUP,
  /** An index is built, or built again. */
  INDEX,
  /** Every row is written to a new file. */
  REWRITE,
  INSERT,
  UPDATE,
  DELETE,
  /** Rows of the script itself, COPY for one; or what cannot be known beforehand. */
  OTHER
}
