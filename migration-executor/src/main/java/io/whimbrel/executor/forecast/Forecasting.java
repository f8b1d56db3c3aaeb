package io.whimbrel.executor.forecast;

import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Knows how fast targets are: from the last measurement, from a new one when that is too old, and
 * always from what past migrations took. A target that cannot be measured now is taken as last
 * measured, however long ago, or as usual.
 */
@ApplicationScoped
public class Forecasting {
  private static final Logger LOG = Logger.getLogger(Forecasting.class);

  private final Calibrations calibrations;
  private final Predictions predictions;
  private final ForecastConfig config;

  Forecasting(Calibrations calibrations, Predictions predictions, ForecastConfig config) {
    this.calibrations = calibrations;
    this.predictions = predictions;
    this.config = config;
  }

  /** What a forecast for a target rests on; a new measurement takes a few seconds. */
  public Calibration calibration(Target target) {
    Calibration speeds =
        calibrations
            .find(target.name(), config.calibrationAge())
            .orElseGet(() -> config.calibrate() ? measured(target) : last(target));
    return speeds.corrected(predictions.corrections(target.name(), config.history()));
  }

  private Calibration measured(Target target) {
    try {
      Calibration fresh = Calibrator.measure(target, UUID.randomUUID());
      calibrations.keep(target.name(), fresh);
      return fresh;
    } catch (SQLException e) {
      LOG.warnf("Target %s could not be calibrated, SQLSTATE %s", target.name(), e.getSQLState());
      return last(target);
    }
  }

  private Calibration last(Target target) {
    return calibrations.find(target.name(), Duration.ofDays(36_500)).orElse(Calibration.DEFAULTS);
  }
}
