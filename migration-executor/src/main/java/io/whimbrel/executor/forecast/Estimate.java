package io.whimbrel.executor.forecast;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A duration that is not known yet, in milliseconds.
 *
 * @param medianMs as often too short as too long
 * @param lowMs nine of ten actual durations are expected between this and {@code highMs}
 */
public record Estimate(
    @JsonProperty("medianMs") double medianMs,
    @JsonProperty("lowMs") double lowMs,
    @JsonProperty("highMs") double highMs) {

  public static final Estimate NONE = new Estimate(0, 0, 0);

  public Estimate {
    medianMs = tenths(medianMs);
    lowMs = tenths(lowMs);
    highMs = tenths(highMs);
  }

  /** One after the other. What slows one down slows the other down, so the ends are added too. */
  public Estimate plus(Estimate other) {
    return new Estimate(medianMs + other.medianMs, lowMs + other.lowMs, highMs + other.highMs);
  }

  public boolean contains(double ms) {
    return lowMs <= ms && ms <= highMs;
  }

  private static double tenths(double ms) {
    return Math.round(ms * 10) / 10.0;
  }
}
