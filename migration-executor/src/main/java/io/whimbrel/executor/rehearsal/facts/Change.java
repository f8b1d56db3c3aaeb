package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A thing of the catalogue before and after a statement; the same thing to PostgreSQL, whatever its
 * name.
 *
 * @param before null if it is new
 * @param after null if it was dropped
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Change<T>(@Nullable T before, @Nullable T after) {

  public boolean created() {
    return before == null;
  }

  public boolean dropped() {
    return after == null;
  }

  public boolean altered() {
    return before != null && after != null;
  }

  /** As it was, or as it came to be if it is new. */
  public T either() {
    return before == null ? Objects.requireNonNull(after) : before;
  }

  /**
   * As it was before.
   *
   * @throws NullPointerException if it is new
   */
  public T was() {
    return Objects.requireNonNull(before);
  }

  /**
   * As it is after.
   *
   * @throws NullPointerException if it was dropped
   */
  public T is() {
    return Objects.requireNonNull(after);
  }
}
