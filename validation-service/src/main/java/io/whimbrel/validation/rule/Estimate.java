package io.whimbrel.validation.rule;

/**
 * What a sample says of a whole table, with 95 % confidence.
 *
 * @param sampled how many rows were looked at
 * @param low at least so many rows are wrong
 * @param high at most so many rows are wrong
 */
public record Estimate(long sampled, long low, long high) {}
