package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowMeterTest {

  private final List<RowProgress> told = new ArrayList<>();
  private final ApplyListener listener =
      new ApplyListener() {
        @Override
        public void rows(RowProgress progress) {
          told.add(progress);
        }
      };
  private long now;

  @Test
  void theRateIsThatOfTheLastSecondsNotOfTheWholeRun() {
    RowMeter meter = new RowMeter(listener, 500, true, () -> now);
    for (int second = 1; second <= 30; second++) {
      now += Duration.ofSeconds(1).toNanos();
      meter.done(500 + 1000L * second, 50_500, 1000, false);
    }
    for (int second = 1; second <= 10; second++) {
      now += Duration.ofSeconds(1).toNanos();
      meter.done(30_500 + 100L * second, 50_500, 100, false);
    }
    assertThat(told.get(29))
        .isEqualTo(new RowProgress(30_500, 50_500, true, 1000, 1000, Duration.ofSeconds(20)));
    assertThat(told.get(39))
        .isEqualTo(new RowProgress(31_500, 50_500, true, 100, 100, Duration.ofSeconds(190)));
  }

  @Test
  void theRateHasNoMoreDigitsThanItMeans() {
    RowMeter meter = new RowMeter(listener, 0, false, () -> now);
    now += Duration.ofSeconds(3).toNanos();
    meter.done(100, 5000, 100, false);
    now += Duration.ofSeconds(4).toNanos();
    meter.done(1000, 5000, 100, false);
    assertThat(told).extracting(RowProgress::perSecond).containsExactly(33.3, 143.0);
  }

  @Test
  void itIsToldTwiceASecondAtMostAndAtTheEnd() {
    RowMeter meter = new RowMeter(listener, 0, true, () -> now);
    for (int batch = 1; batch <= 20; batch++) {
      now += Duration.ofMillis(100).toNanos();
      meter.done(batch * 10L, 300, 10, batch == 20);
    }
    assertThat(told).extracting(RowProgress::done).containsExactly(10L, 60L, 110L, 160L, 200L);
    assertThat(told).extracting(RowProgress::total).last().isEqualTo(200L);
    assertThat(told)
        .extracting(RowProgress::estimated)
        .containsExactly(true, true, true, true, false);
  }
}
