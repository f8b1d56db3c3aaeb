package io.whimbrel.executor.apply;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a script was not applied.
 *
 * @param sqlState PostgreSQL's; null if a verify query did not hold
 * @param message PostgreSQL's own, without detail, hint or the text of the statement
 * @param script the script's file name
 * @param statement its number, from 1; 0 if it was none of the script's statements
 * @param line where the statement begins, from 1; 0 likewise
 * @param blockers who held the lock that did not come
 */
public record ApplyFailure(
    @Nullable String sqlState,
    String message,
    String script,
    int statement,
    int line,
    List<Blocker> blockers) {

  public ApplyFailure {
    blockers = List.copyOf(blockers);
  }
}
