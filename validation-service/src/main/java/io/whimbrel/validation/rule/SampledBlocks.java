package io.whimbrel.validation.rule;

/**
 * Wrong rows in blocks of a table that were drawn at random. Wrong rows often stand together, as
 * one batch wrote them, so the block is what was drawn and not the row: the interval comes from how
 * the blocks differ among each other (cluster sampling; Cochran, Sampling Techniques, chapter 9).
 *
 * @param blocks how many were drawn
 * @param rows how many rows are in them
 * @param wrong how many of those are wrong
 * @param squares sum of the squares of the wrong rows of each block
 * @param percent of all blocks that were drawn
 */
record SampledBlocks(long blocks, long rows, long wrong, double squares, double percent) {
  private static final double OF_95_PERCENT = 1.96;

  /** Wrong rows of the whole table, as far as can be told. */
  long estimated() {
    return Math.round(wrong * 100 / percent);
  }

  Estimate estimate() {
    return wrong == 0 ? none() : some();
  }

  /**
   * With none in m blocks, a share of p of all blocks may hold wrong rows as long as (1 - p)^m is 5
   * % or more; at worst every row of such a block is wrong.
   */
  private Estimate none() {
    double all = rows * 100 / percent;
    double share = blocks == 0 ? 1 : 1 - Math.pow(0.05, 1.0 / blocks);
    return new Estimate(rows, 0, (long) Math.ceil(all * share));
  }

  private Estimate some() {
    double all = blocks * 100 / percent;
    double variance = blocks < 2 ? 0 : (squares - (double) wrong * wrong / blocks) / (blocks - 1);
    double error = all * Math.sqrt(variance / blocks * (1 - percent / 100)) * OF_95_PERCENT;
    long high = blocks < 2 ? Math.round(rows * 100 / percent) : Math.round(estimated() + error);
    return new Estimate(rows, Math.max(wrong, Math.round(estimated() - error)), high);
  }
}
