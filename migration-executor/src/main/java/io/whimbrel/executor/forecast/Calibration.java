package io.whimbrel.executor.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.executor.forecast.Forecast.Source;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast a target is.
 *
 * @param measuredAt by the control database's clock; null for defaults
 * @param speeds in nanoseconds; one that is missing has its default
 * @param corrections by what past migrations really took
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Calibration(
    Source source,
    @Nullable Instant measuredAt,
    Map<Speed, Double> speeds,
    Map<WorkKind, Correction> corrections) {

  /** For a target that nothing is known of. */
  public static final Calibration DEFAULTS =
      new Calibration(Source.DEFAULTS, null, Map.of(), Map.of());

  public Calibration {
    speeds = Map.copyOf(speeds);
    corrections = Map.copyOf(corrections);
  }

  /**
   * What past migrations say of one kind of work.
   *
   * @param runs how many there were
   * @param meanLog mean of ln(actual / calibrated)
   * @param spread standard deviation of the same
   */
  public record Correction(int runs, double meanLog, double spread) {
    /** As if two runs had been exactly as calibrated, so that one run does not decide. */
    private static final double TRUST_IN_CALIBRATION = 2;

    double factor() {
      return Math.exp(meanLog * runs / (runs + TRUST_IN_CALIBRATION));
    }

    /** The spread to expect from now on, between the assumed one and the one seen. */
    double spread(double assumed) {
      double prior = 3;
      return Math.sqrt((prior * assumed * assumed + runs * spread * spread) / (prior + runs));
    }
  }

  public Calibration corrected(Map<WorkKind, Correction> past) {
    return new Calibration(source, measuredAt, speeds, past);
  }

  int pastRuns() {
    return corrections.values().stream().mapToInt(Correction::runs).sum();
  }

  double nanos(Speed speed) {
    return speeds.getOrDefault(speed, speed.usual());
  }

  /** With what two measurements say of a row and a byte; neither is ever less than nothing. */
  static void solve(
      Map<Speed, Double> speeds, Speed row, Speed perByte, Measured narrow, Measured wide) {
    double determinant = narrow.rows() * wide.bytes() - wide.rows() * narrow.bytes();
    double ofRow = (narrow.nanos() * wide.bytes() - wide.nanos() * narrow.bytes()) / determinant;
    double ofByte = (narrow.rows() * wide.nanos() - wide.rows() * narrow.nanos()) / determinant;
    if (ofByte < 0) {
      ofByte = 0;
      ofRow = (narrow.nanos() + wide.nanos()) / (narrow.rows() + wide.rows());
    } else if (ofRow < 0) {
      ofRow = 0;
      ofByte = (narrow.nanos() + wide.nanos()) / (narrow.bytes() + wide.bytes());
    }
    speeds.put(row, ofRow);
    speeds.put(perByte, ofByte);
  }

  /** How long something took on a table of this size. */
  record Measured(double rows, double bytes, double nanos) {}

  static Map<Speed, Double> none() {
    return new EnumMap<>(Speed.class);
  }
}
