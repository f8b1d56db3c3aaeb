package io.whimbrel.executor.apply;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A change of the schema history that brings one migration in line with the files, as Flyway's
 * repair makes it. It says what the row was when that was decided, and can be made any number of
 * times.
 *
 * @param rank of the row
 * @param script as the row has it
 * @param version null for a repeatable migration
 * @param description what the row says afterwards
 * @param checksumBefore what the row says now
 * @param checksumAfter what it says afterwards
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryRepair(
    Action action,
    int rank,
    String script,
    @Nullable String version,
    String description,
    @Nullable Integer checksumBefore,
    @Nullable Integer checksumAfter) {

  /** What happens to the row. */
  public enum Action {
    /** It takes over description, checksum and type of the file. */
    ALIGN,
    /** It says that its migration failed, and goes. */
    REMOVE,
    /** Its file is gone; another row says that it no longer counts. */
    MARK_AS_DELETED
  }

  /** A sentence that names the script. */
  public String sentence() {
    return switch (action) {
      case ALIGN ->
          "The history row of %s takes over its file: description '%s', checksum %d instead of %d"
              .formatted(script, description, checksumAfter, checksumBefore);
      case REMOVE -> "The history row that says that " + script + " failed is removed";
      case MARK_AS_DELETED -> "The history marks " + script + " as deleted, as its file is gone";
    };
  }
}
