package io.whimbrel.executor.forecast;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.whimbrel.executor.forecast.Predictions.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * How right predictions were, as metrics of the last hundred migrations: the median error as a
 * share of the actual duration, and the share of actual durations in the predicted range, which is
 * to be nine in ten. Both are NaN while nothing has been predicted and applied.
 */
@ApplicationScoped
class ForecastError implements MeterBinder {
  private static final int LAST = 100;
  private static final long FRESH_NANOS = 30_000_000_000L;

  private final Predictions predictions;
  private List<Outcome> outcomes = List.of();
  private long readAt;
  private boolean read;

  ForecastError(Predictions predictions) {
    this.predictions = predictions;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("whimbrel.forecast.median.error", this, ForecastError::medianError)
        .description("Median error of the last predicted durations, of the actual ones")
        .register(registry);
    Gauge.builder("whimbrel.forecast.inside", this, ForecastError::inside)
        .description("Share of the last actual durations in their predicted range")
        .register(registry);
  }

  double medianError() {
    double[] errors = last().stream().mapToDouble(Outcome::error).sorted().toArray();
    return errors.length == 0 ? Double.NaN : errors[errors.length / 2];
  }

  double inside() {
    return last().stream().mapToDouble(o -> o.inside() ? 1 : 0).average().orElse(Double.NaN);
  }

  /** Read at most twice a minute, however often someone asks. */
  private synchronized List<Outcome> last() {
    if (!read || System.nanoTime() - readAt > FRESH_NANOS) {
      outcomes = predictions.outcomes(null, LAST);
      readAt = System.nanoTime();
      read = true;
    }
    return outcomes;
  }
}
