package io.whimbrel.executor.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the catalogue says about the structure.
 *
 * @param kind what it is about: a column, a constraint, rights, ...
 * @param object whose it is, qualified
 * @param table which table it belongs to; null if none
 * @param value as PostgreSQL spells it; null if that it exists is all
 * @param establish statements that make it so, where a script of the structure leaves it out
 * @param remove statements that make it no longer so, likewise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StructureFact(
    String kind,
    String object,
    @Nullable TableName table,
    @Nullable String value,
    @Nullable String establish,
    @Nullable String remove) {

  /** What it is about, whatever its value. */
  String subject() {
    return kind + " " + object;
  }
}
