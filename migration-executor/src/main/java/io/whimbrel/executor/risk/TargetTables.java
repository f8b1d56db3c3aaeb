package io.whimbrel.executor.risk;

import io.whimbrel.event.TableName;
import java.time.Duration;
import java.util.Optional;

/** What is known of the tables of the target, by whoever has looked. */
public interface TargetTables {

  /** Nothing is known. */
  TargetTables UNKNOWN = table -> Optional.empty();

  /**
   * How large a table is.
   *
   * @param rows an estimate; 0 only if there is none for certain
   * @param bytes with its indexes
   */
  record Size(long rows, long bytes) {}

  Optional<Size> size(TableName table);

  /** How long a statement is going to take. */
  default Optional<Duration> time(String script, int statement) {
    return Optional.empty();
  }

  /** Which statements of programs name a column, in words; empty if none is known to. */
  default Optional<String> use(TableName table, String column) {
    return Optional.empty();
  }
}
