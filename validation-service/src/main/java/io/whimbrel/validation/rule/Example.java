package io.whimbrel.validation.rule;

import org.jspecify.annotations.Nullable;

/**
 * A small database on which a rule shows what it means; a test lets the rule look at it.
 *
 * @param rules a file of declarations, for rules that need one
 * @param sql creates the tables, their constraints and their rows in an empty database
 * @param after what happens after a first look, for rules that compare two
 */
public record Example(@Nullable String rules, String sql, @Nullable String after) {
  Example(String sql) {
    this(null, sql, null);
  }

  Example(String rules, String sql) {
    this(rules, sql, null);
  }
}
