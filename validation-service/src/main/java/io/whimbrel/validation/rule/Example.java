package io.whimbrel.validation.rule;

/**
 * A small database on which a rule shows what it means; a test lets the rule look at it.
 *
 * @param sql creates the tables, their constraints and their rows in an empty database
 */
public record Example(String sql) {}
