package io.whimbrel.executor.forecast;

import io.whimbrel.executor.forecast.Calibration.Correction;
import io.whimbrel.executor.forecast.Predictions.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Learns from past migrations how far a calibration is off, for each kind of work by itself: from
 * those that spent most of their time on it and took long enough to tell.
 */
final class Corrections {
  private static final long TELLING_MS = 20;

  /** A script that met something else altogether says nothing of the server's speed. */
  private static final double FARTHEST = Math.log(20);

  private Corrections() {}

  static Map<WorkKind, Correction> of(List<Outcome> outcomes) {
    Map<WorkKind, List<Double>> logs = new EnumMap<>(WorkKind.class);
    for (Outcome outcome : outcomes) {
      double calibrated = outcome.predicted().calibrated();
      if (outcome.actualMs() >= TELLING_MS && calibrated > 0) {
        double log = Math.log(outcome.actualMs() / calibrated);
        outcome
            .predicted()
            .mostly()
            .filter(kind -> Math.abs(log) < FARTHEST)
            .ifPresent(kind -> logs.computeIfAbsent(kind, k -> new ArrayList<>()).add(log));
      }
    }
    Map<WorkKind, Correction> corrections = new EnumMap<>(WorkKind.class);
    logs.forEach((kind, values) -> corrections.put(kind, correction(values)));
    return corrections;
  }

  private static Correction correction(List<Double> logs) {
    double[] values = logs.stream().mapToDouble(Double::doubleValue).toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return new Correction(values.length, mean, Math.sqrt(variance));
  }
}
