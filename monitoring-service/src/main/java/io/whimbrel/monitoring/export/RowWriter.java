package io.whimbrel.monitoring.export;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rows as they come, and keeps none. */
interface RowWriter {
  void begin(List<Column> columns) throws IOException;

  /** In the order of the columns; a value is as PostgreSQL writes it. */
  void row(List<@Nullable String> values) throws IOException;

  void end() throws IOException;

  /** What the values of a column are in JSON. */
  enum Kind {
    TEXT,
    NUMBER,
    BOOLEAN,
    JSON
  }

  /** A column. */
  record Column(String name, Kind kind) {}
}
