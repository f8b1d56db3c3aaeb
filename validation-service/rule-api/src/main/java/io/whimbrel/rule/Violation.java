package io.whimbrel.rule;

import io.whimbrel.event.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong. It goes into reports and events, so it holds no value of a row but its
 * key.
 *
 * @param table null when it is not about one table
 * @param subject the constraint, index or column, if there is one
 * @param rows how many rows are wrong; 0 when it is not about rows
 * @param message for people
 * @param keys keys of some of the rows, column to value; of more than five the first are shown
 * @param remedy SQL that shows the rows or mends the cause, if there is any
 */
public record Violation(
    @Nullable TableName table,
    @Nullable String subject,
    long rows,
    String message,
    List<Map<String, String>> keys,
    @Nullable String remedy) {

  public Violation {
    keys = List.copyOf(keys);
  }
}
