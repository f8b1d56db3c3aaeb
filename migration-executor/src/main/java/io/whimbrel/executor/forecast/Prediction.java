package io.whimbrel.executor.forecast;

import io.whimbrel.executor.forecast.Forecast.ScriptForecast;
import io.whimbrel.executor.forecast.Forecast.WorkForecast;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long a script was predicted to take, as it is kept.
 *
 * @param calibratedMs milliseconds by kind of work, before past runs corrected them; these are what
 *     later runs correct, so that a correction is not corrected again
 */
public record Prediction(
    double medianMs, double lowMs, double highMs, Map<WorkKind, Double> calibratedMs) {

  private static final double MOST = 0.7;

  public Prediction {
    calibratedMs = Map.copyOf(calibratedMs);
  }

  static Prediction of(ScriptForecast script) {
    Map<WorkKind, Double> work = new EnumMap<>(WorkKind.class);
    script.statements().stream()
        .flatMap(statement -> statement.work().stream())
        .forEach((WorkForecast each) -> work.merge(each.kind(), each.calibratedMs(), Double::sum));
    Estimate all = script.duration();
    return new Prediction(all.medianMs(), all.lowMs(), all.highMs(), work);
  }

  public boolean contains(double ms) {
    return lowMs <= ms && ms <= highMs;
  }

  double calibrated() {
    return calibratedMs.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** The kind of work that takes most of the time; none if several share it. */
  Optional<WorkKind> mostly() {
    double all = calibrated();
    return calibratedMs.entrySet().stream()
        .filter(each -> each.getValue() > MOST * all)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
