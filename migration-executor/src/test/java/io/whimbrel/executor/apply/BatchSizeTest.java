package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

  private static final Duration WANTED = Duration.ofMillis(500);

  @Test
  void growsAtMostTwofoldEarlyAndLessLater() {
    BatchSize size = new BatchSize(Optional.empty(), WANTED);
    size.took(Duration.ofMillis(1));
    assertThat(size.rows()).isEqualTo(2_000);
    for (int i = 0; i < 9; i++) {
      size.took(WANTED);
    }
    size.took(Duration.ofMillis(1));
    assertThat(size.rows()).isEqualTo(2_400);
  }

  @Test
  void settlesWhereABatchTakesTheWantedTime() {
    BatchSize size = new BatchSize(Optional.empty(), WANTED);
    for (int i = 0; i < 60; i++) {
      size.took(Duration.ofNanos(size.rows() * 100_000L));
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
    size.took(Duration.ofMillis(1));
    assertThat(size.halve()).isFalse();
    assertThat(size.rows()).isEqualTo(123);
  }
}
