package io.whimbrel.executor.forecast;

import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Knows how fast targets are: from the last measurement, from a new one when that is too old, and
 * always from what past migrations took. A target that cannot be measured now is taken as last
 * measured, however long ago, or as usual.
 */
@ApplicationScoped
public class Forecasting {
  private final Calibrations calibrations;
  private final Measuring measuring;
  private final Predictions predictions;
  private final ForecastConfig config;

  Forecasting(
      Calibrations calibrations,
      Measuring measuring,
      Predictions predictions,
      ForecastConfig config) {
    this.calibrations = calibrations;
    this.measuring = measuring;
    this.predictions = predictions;
    this.config = config;
  }

  /**
   * How fast a target is, as far as is known.
   *
   * @param caveat why that is not what a measurement of now would say; null if it is
   */
  public record Known(Calibration speeds, @Nullable String caveat) {}

  /**
   * What a forecast for a target rests on. A target that was not measured lately is measured, which
   * takes a few seconds and goes on if it takes longer than anyone waits.
   *
   * @param patience how long to wait for a measurement
   */
  public Known calibration(Target target, Duration patience) throws InterruptedException {
    Optional<Calibration> lately = calibrations.find(target.name(), config.calibrationAge());
    Known known =
        lately.isPresent() || !config.calibrate()
            ? new Known(lately.orElseGet(() -> last(target)), null)
            : measured(target, patience);
    return new Known(
        known.speeds().corrected(predictions.corrections(target.name(), config.history())),
        known.caveat());
  }

  private Known measured(Target target, Duration patience) throws InterruptedException {
    try {
      return new Known(measuring.of(target).get(patience.toNanos(), TimeUnit.NANOSECONDS), null);
    } catch (TimeoutException e) {
      return unmeasured(target, "it is being measured now, and a later plan knows");
    } catch (ExecutionException | CancellationException e) {
      return unmeasured(target, "it could not be measured, and the log of the executor says why");
    }
  }

  private Known unmeasured(Target target, String why) {
    Calibration last = last(target);
    String basis =
        last.measuredAt() == null
            ? "How fast this target is was not measured yet, so usual speeds are assumed; "
            : "How fast this target is was last measured at " + last.measuredAt() + "; ";
    return new Known(last, basis + why);
  }

  private Calibration last(Target target) {
    return calibrations.find(target.name(), Duration.ofDays(36_500)).orElse(Calibration.DEFAULTS);
  }
}
