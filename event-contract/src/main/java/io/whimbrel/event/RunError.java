package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a run ended badly.
 *
 * @param sqlState PostgreSQL's SQLSTATE, if PostgreSQL refused something
 * @param script the file name of the script
 * @param line the line in the script where the statement begins, from 1
 * @param statement the number of the statement in its script, from 1
 * @param blockers the sessions that held the lock waited for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunError(
    String message,
    @Nullable String sqlState,
    @Nullable String script,
    @Nullable Integer line,
    @Nullable Integer statement,
    @Nullable List<String> blockers) {

  public static RunError of(String message) {
    return new RunError(message, null, null, null, null, null);
  }
}
