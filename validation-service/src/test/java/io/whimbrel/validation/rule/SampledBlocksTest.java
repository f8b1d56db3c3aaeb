package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SampledBlocksTest {
  private static final int BLOCKS = 2_000;
  private static final int ROWS = 100;

  @Test
  void noneInAHundredBlocksMeansThatThreeInAHundredMayBeWrong() {
    Estimate estimate = new SampledBlocks(100, 10_000, 0, 0, 1).estimate();

    assertThat(estimate.high()).isBetween(29_000L, 30_000L);
  }

  @Test
  void nothingDrawnMeansNothingKnown() {
    assertThat(new SampledBlocks(1, 50, 50, 2_500, 1).estimate().high()).isEqualTo(5_000);
  }

  /** Wrong rows stand together in a fifth of the blocks, which rows drawn alone would not show. */
  @Test
  void theIntervalHoldsTheTruthInNineteenOfTwentyDraws() {
    Random random = new Random(42);
    int[] wrong = new int[BLOCKS];
    long truth = 0;
    for (int i = 0; i < BLOCKS; i++) {
      wrong[i] = random.nextInt(5) == 0 ? random.nextInt(ROWS) : 0;
      truth += wrong[i];
    }
    int held = 0;
    for (int draw = 0; draw < 1_000; draw++) {
      Estimate estimate = drawn(random, wrong).estimate();
      held += estimate.low() <= truth && truth <= estimate.high() ? 1 : 0;
    }

    assertThat(held).isBetween(900, 980);
  }

  private static SampledBlocks drawn(Random random, int[] wrong) {
    long blocks = 0;
    long found = 0;
    double squares = 0;
    for (int block : wrong) {
      if (random.nextInt(10) == 0) {
        blocks++;
        found += block;
        squares += (double) block * block;
      }
    }
    return new SampledBlocks(blocks, blocks * ROWS, found, squares, 10);
  }
}
