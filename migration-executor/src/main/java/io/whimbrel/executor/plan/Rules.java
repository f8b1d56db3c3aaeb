package io.whimbrel.executor.plan;

/**
 * What a target allows beyond the usual, and what is known of it.
 *
 * @param outOfOrder whether a version below the last applied one may still be applied
 * @param ignored which contradictions hold up nothing
 * @param texts what scripts said when they were applied
 */
public record Rules(boolean outOfOrder, IgnorePatterns ignored, FormerTexts texts) {

  public static final Rules STRICT = new Rules(false, IgnorePatterns.DEFAULT, FormerTexts.UNKNOWN);
}
