package io.whimbrel.executor.impact;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ImpactSettingsTest {

  @Test
  void aLookEndsWithinTheTimeThatItIsGiven() {
    ImpactSettings given = ImpactSettings.DEFAULT.within(Duration.ofSeconds(10));
    assertThat(given.explaining()).isEqualTo(Duration.ofMillis(2500));
    assertThat(given.probing()).isEqualTo(Duration.ofSeconds(5));
    assertThat(given.probe()).isEqualTo(Duration.ofSeconds(5));
    assertThat(ImpactSettings.DEFAULT.within(Duration.ofHours(1)))
        .isEqualTo(ImpactSettings.DEFAULT);
  }

  @Test
  void noTimeIsNeverForEver() {
    ImpactSettings given = ImpactSettings.DEFAULT.within(Duration.ofSeconds(-1));
    assertThat(given.probe()).isPositive();
    assertThat(given.probing()).isPositive();
    assertThat(given.explaining()).isPositive();
  }
}
