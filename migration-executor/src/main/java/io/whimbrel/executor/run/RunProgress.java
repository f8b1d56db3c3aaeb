package io.whimbrel.executor.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.MigrationProgress.Rows;
import org.jspecify.annotations.Nullable;

/** How far a run has come within its state; units as in {@code MigrationProgress}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunProgress(
    @Nullable String step,
    @Nullable String migration,
    @Nullable Integer statement,
    @Nullable Integer of,
    @Nullable Double percent,
    @Nullable Rows rows,
    @Nullable Long etaSeconds,
    @Nullable String message) {

  public static RunProgress says(String message) {
    return new RunProgress(null, null, null, null, null, null, null, message);
  }
}
