package io.whimbrel.executor.catalog;

import org.jspecify.annotations.Nullable;

/**
 * What a script's {@code .sql.conf} file says, as in Flyway.
 *
 * @param executeInTransaction false asks for statement by statement, each committed by itself
 * @param placeholderReplacement false leaves every placeholder in the script alone; null leaves it
 *     to the target
 */
public record ScriptConfig(boolean executeInTransaction, @Nullable Boolean placeholderReplacement) {

  public static final ScriptConfig DEFAULT = new ScriptConfig(true, null);
}
