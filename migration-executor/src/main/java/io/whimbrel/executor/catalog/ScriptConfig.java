package io.whimbrel.executor.catalog;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a script's {@code .sql.conf} file says, as in Flyway.
 *
 * @param executeInTransaction false asks for statement by statement, each committed by itself
 * @param placeholderReplacement false leaves every placeholder in the script alone; null leaves it
 *     to the target
 * @param open values by key that say nothing as they are, but may once their placeholders are
 *     replaced, see {@link Placeholders#config}
 */
public record ScriptConfig(
    boolean executeInTransaction,
    @Nullable Boolean placeholderReplacement,
    Map<String, String> open) {

  public static final ScriptConfig DEFAULT = new ScriptConfig(true, null, Map.of());

  public ScriptConfig {
    open = Map.copyOf(open);
  }
}
