package io.whimbrel.validation.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a validation looks. */
public enum Reach {
  /** At the named tables, their partitions, and their neighbours by foreign key. */
  TOUCHED,
  /** At the named tables and their partitions. */
  TABLES,
  /** At every table of the database. */
  DATABASE;

  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
