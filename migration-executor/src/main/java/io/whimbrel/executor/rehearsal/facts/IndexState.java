package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An index.
 *
 * @param name the index, in the schema of its table
 * @param table by its name at that moment
 * @param onTarget the table by its name on the target; null if the run makes it
 * @param existed whether the index was there before the run
 * @param method btree, gin, ...
 * @param exclusion whether it stands behind an exclusion constraint
 * @param valid whether queries may use it
 * @param concurrently whether it was built in several transactions that let writers pass
 * @param columns its key, in order; empty where it is an expression
 * @param partial whether it has a condition
 * @param definition as {@code pg_get_indexdef} writes it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record IndexState(
    String name,
    TableName table,
    @Nullable TableName onTarget,
    boolean existed,
    String method,
    boolean unique,
    boolean primary,
    boolean exclusion,
    boolean valid,
    boolean concurrently,
    List<String> columns,
    boolean partial,
    String definition) {
  public IndexState {
    columns = columns == null ? List.of() : List.copyOf(columns);
  }
}
