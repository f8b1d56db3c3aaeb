package io.whimbrel.validation.rule;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule found. No value of a row but its primary key is in it.
 *
 * @param table null when it is not about one table
 * @param subject the constraint, index or column
 * @param rows how many rows are wrong: exactly, or as estimated
 * @param keys primary keys of some of them, column to value; empty when the table has none
 * @param remedy SQL that shows the rows or mends the cause, where there is one
 * @param estimate what is known of the number of rows, when only a sample was looked at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(
    Severity severity,
    @Nullable TableName table,
    @Nullable String subject,
    long rows,
    String message,
    List<Map<String, String>> keys,
    @Nullable String remedy,
    @Nullable Estimate estimate) {

  public Finding {
    keys = List.copyOf(keys);
  }

  /** A finding on rows that were all looked at. */
  public Finding(
      Severity severity,
      @Nullable TableName table,
      @Nullable String subject,
      long rows,
      String message,
      List<Map<String, String>> keys,
      @Nullable String remedy) {
    this(severity, table, subject, rows, message, keys, remedy, null);
  }

  /** The same, as far as a sample can tell. */
  Finding estimated(Estimate sample) {
    String estimated =
        "about %s (95 %% interval %d to %d, from %d rows looked at)"
            .formatted(message, sample.low(), sample.high(), sample.sampled());
    return new Finding(severity, table, subject, rows, estimated, keys, remedy, sample);
  }
}
