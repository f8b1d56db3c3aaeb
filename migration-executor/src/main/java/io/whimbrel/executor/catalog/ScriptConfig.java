package io.whimbrel.executor.catalog;

/**
 * What a script's {@code .sql.conf} file says, as in Flyway.
 *
 * @param executeInTransaction false asks for statement by statement, each committed by itself
 * @param placeholderReplacement false leaves every <code>${...}</code> in the script alone
 */
public record ScriptConfig(boolean executeInTransaction, boolean placeholderReplacement) {

  public static final ScriptConfig DEFAULT = new ScriptConfig(true, true);
}
