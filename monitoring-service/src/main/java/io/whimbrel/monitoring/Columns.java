package io.whimbrel.monitoring;

import java.util.Collection;
import java.util.function.Function;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Binds many rows as one array of text for each column, for {@code unnest} to make rows of. */
public final class Columns {
  private Columns() {}

  public static <T> void bind(
      SqlStatement<?> statement,
      String name,
      Collection<T> rows,
      Function<T, @Nullable Object> value) {
    Object[] column = rows.stream().map(value).map(v -> v == null ? null : v.toString()).toArray();
    statement.bindArray(name, String.class, column);
  }
}
