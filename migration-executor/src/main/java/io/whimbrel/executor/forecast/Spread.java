package io.whimbrel.executor.forecast;

import io.whimbrel.executor.forecast.Calibration.Correction;
import io.whimbrel.executor.forecast.Forecast.Source;

/**
 * Makes a range of a duration. Durations spread by factors, so a range is as far below its median
 * as above it in that sense. How far was chosen by what each kind of work depends on that a
 * calibration does not see; past runs of the target then say how far it really is.
 */
final class Spread {
  /** Between 5 and 95 percent of a normal distribution, on either side. */
  private static final double NINE_OF_TEN = 1.645;

  /** Bytes of the tables that speeds are measured with. */
  private static final double CALIBRATED_BYTES = 10e6;

  private static final double NOISE_MS = 3;

  private Spread() {}

  static Estimate of(Work work, Calibration calibration) {
    Correction past = calibration.corrections().get(work.kind());
    double sigma = sigma(work, calibration.source());
    double ms = work.nanos() / 1e6;
    if (past != null) {
      ms *= past.factor();
      sigma = past.spread(sigma);
    }
    double factor = Math.exp(NINE_OF_TEN * sigma);
    double high = Math.max(ms, work.most() / 1e6) * factor + NOISE_MS * Math.min(1, ms);
    return new Estimate(ms, ms / factor, high);
  }

  private static double sigma(Work work, Source source) {
    double sigma =
        switch (work.kind()) {
          case SCAN, REWRITE, LOOKUP -> 0.35;
          case INDEX -> 0.4;
          case INSERT, UPDATE, DELETE -> 0.45;
          case CATALOGUE -> 0.6;
          case OTHER -> 1.2;
        };
    double larger = Math.max(0, Math.log(Math.max(1, work.bytes()) / CALIBRATED_BYTES));
    return sigma + 0.03 * larger + (work.guessed() ? 0.1 : 0) + unsure(source);
  }

  private static double unsure(Source source) {
    return switch (source) {
      case SCRATCH_DATABASE -> 0;
      case TEMPORARY_TABLE -> 0.2;
      case DEFAULTS -> 0.6;
    };
  }
}
