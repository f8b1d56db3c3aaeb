package io.whimbrel.executor.apply;

/**
 * What is known of a statement that a script has run.
 *
 * @param statement its number, from 1
 * @param durationMs milliseconds from sending it to the answer
 * @param shared whether that is the time of several statements, sent in one message
 * @param rows that it inserted, updated and deleted
 */
public record StatementFigures(int statement, long durationMs, boolean shared, long rows) {}
