package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LockRetryTest {

  @Test
  void attemptsWaitLongerAndLongerButNeverBeyondTheLockTimeout() {
    LockRetry retry = new LockRetry(Duration.ofSeconds(4), Duration.ofMinutes(1));

    assertThat(retry.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(retry.another()).isTrue();
    assertThat(retry.timeout()).isEqualTo(Duration.ofSeconds(2));
    for (int i = 0; i < 50; i++) {
      assertThat(retry.another()).isTrue();
      assertThat(retry.timeout()).isEqualTo(Duration.ofSeconds(4));
      assertThat(retry.pause()).isBetween(Duration.ofMillis(50), Duration.ofSeconds(5));
    }
    assertThat(retry.attempt()).isEqualTo(52);
  }

  @Test
  void aTinyLockTimeoutIsNotDividedToNothing() {
    assertThat(new LockRetry(Duration.ofMillis(20), Duration.ofSeconds(1)).timeout())
        .isEqualTo(Duration.ofMillis(20));
    assertThat(new LockRetry(Duration.ofMillis(100), Duration.ofSeconds(1)).timeout())
        .isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void withoutBudgetThereIsOneAttempt() {
    LockRetry retry = new LockRetry(Duration.ofSeconds(1), Duration.ZERO);

    assertThat(retry.another()).isFalse();
    assertThat(retry.pause()).isEqualTo(Duration.ZERO);
  }
}
