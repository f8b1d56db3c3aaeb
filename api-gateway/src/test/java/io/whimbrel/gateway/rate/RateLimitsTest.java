package io.whimbrel.gateway.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

  @Test
  void afterABurstACallerHasToWait() {
    RateLimits limits = limits(3, 1);

    assertThat(LongStream.range(0, 3).map(i -> limits.take("kim"))).containsOnly(0L);
    assertThat(limits.take("kim")).isBetween(1L, 60L);
    assertThat(limits.take("robin")).isZero();
  }

  @Test
  void whatIsNotWantedIsNoLimit() {
    RateLimits limits = limits(1, 0);

    assertThat(LongStream.range(0, 100).map(i -> limits.take("kim"))).containsOnly(0L);
  }

  @Test
  void aBucketFillsAgain() {
    RateLimits limits = limits(1, 60_000_000);

    assertThat(limits.take("kim")).isZero();
    // A command for each microsecond: the call itself takes longer.
    assertThat(LongStream.range(0, 1_000).map(i -> limits.take("kim")).anyMatch(s -> s == 0))
        .isTrue();
  }

  private static RateLimits limits(long burst, long perMinute) {
    return new RateLimits(
        new RateConfig() {
          @Override
          public long burst() {
            return burst;
          }

          @Override
          public long perMinute() {
            return perMinute;
          }
        });
  }
}
