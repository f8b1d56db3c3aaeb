package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of the columns that the scripts drop or rename programs use, as far as the target's
 * statistics of statements tell.
 *
 * @param columns those that are used
 * @param since when the statistics begin; null if that is not known
 * @param unknown why that is not all; null if it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ColumnUses(
    List<ColumnUse> columns, @Nullable Instant since, @Nullable String unknown) {

  /** No column is dropped or renamed. */
  public static final ColumnUses NONE = new ColumnUses(List.of(), null, null);

  public ColumnUses {
    columns = List.copyOf(columns);
  }

  public static ColumnUses unknown(String why) {
    return new ColumnUses(List.of(), null, why);
  }

  public Optional<ColumnUse> of(TableName table, String column) {
    return columns.stream()
        .filter(use -> use.table().equals(table) && use.column().equals(column))
        .findFirst();
  }
}
