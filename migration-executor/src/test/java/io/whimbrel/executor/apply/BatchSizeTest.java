package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

  private static final Duration WANTED = Duration.ofMillis(500);

  @Test
  void growsByAFifthAtMostAndShrinksByHalfAtMost() {
    BatchSize size = new BatchSize(Optional.empty(), WANTED);
    size.took(1_000, Duration.ofMillis(1));
    assertThat(size.rows()).isEqualTo(1_200);
    size.took(1_200, Duration.ofMinutes(1));
    assertThat(size.rows()).isEqualTo(600);
  }

  @Test
  void oneDearBatchDoesNotOutweighThoseBefore() {
    BatchSize size = new BatchSize(Optional.empty(), WANTED);
    for (int i = 0; i < 60; i++) {
      size.took(size.rows(), Duration.ofNanos(size.rows() * 100_000L));
    }
    int before = size.rows();
    size.took(before, Duration.ofNanos(before * 200_000L));
    assertThat(size.rows()).isBetween(before * 3 / 4, before * 4 / 5);
  }

  @Test
  void settlesWhereABatchTakesTheWantedTime() {
    BatchSize size = new BatchSize(Optional.empty(), WANTED);
    for (int i = 0; i < 60; i++) {
      size.took(size.rows(), Duration.ofNanos(size.rows() * 100_000L));
    }
    assertThat(size.rows()).isBetween(4_900, 5_100);
  }

  @Test
  void isHalvedDownToItsLeast() {
    BatchSize size = new BatchSize(Optional.empty(), WANTED);
    int halvings = 0;
    while (size.halve()) {
      halvings++;
    }
    assertThat(halvings).isEqualTo(7);
    assertThat(size.rows()).isEqualTo(10);
  }

  @Test
  void aGivenSizeStays() {
    BatchSize size = new BatchSize(Optional.of(123), WANTED);
    size.took(123, Duration.ofMillis(1));
    assertThat(size.halve()).isFalse();
    assertThat(size.rows()).isEqualTo(123);
  }
}
