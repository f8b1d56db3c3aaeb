package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param table by its name at that moment
 * @param onTarget the table by its name on the target; null if the run makes it
 * @param number its attribute number, which a rename keeps
 * @param type as PostgreSQL writes it, with its modifiers
 * @param defaultValue the expression as PostgreSQL writes it; of a generated column, how it is
 *     generated
 * @param generated STORED or VIRTUAL
 * @param identity ALWAYS or BY DEFAULT
 * @param filled whether PostgreSQL keeps a value for the rows that were there before the column,
 *     whatever its default is by now
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ColumnState(
    TableName table,
    @Nullable TableName onTarget,
    String name,
    int number,
    String type,
    boolean notNull,
    @Nullable String defaultValue,
    @Nullable String generated,
    @Nullable String identity,
    @Nullable String collation,
    boolean filled) {}
