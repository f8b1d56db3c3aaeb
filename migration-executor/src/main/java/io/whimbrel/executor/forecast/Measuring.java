package io.whimbrel.executor.forecast;

import io.whimbrel.target.Target;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Measures targets beside those who wait for it, each target once at a time and a few at the same
 * time, and keeps what came of it. Whoever stops waiting does not stop the measurement; the end of
 * the service does, and the scratch database is gone then.
 */
@ApplicationScoped
class Measuring {
  private static final Logger LOG = Logger.getLogger(Measuring.class);

  /** Targets that share a server would slow each other, and look slow. */
  private static final int AT_ONCE = 2;

  /** Measures one target. */
  interface Measure {
    Calibration of(Target target, Stop stop) throws SQLException;
  }

  private final Calibrations calibrations;
  private final Measure measure;
  private final Map<String, Future<Calibration>> underway = new ConcurrentHashMap<>();
  private final Stop stop = new Stop();
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          AT_ONCE,
          work -> {
            Thread thread = new Thread(work, "calibration");
            thread.setDaemon(true);
            return thread;
          });

  @Inject
  Measuring(Calibrations calibrations) {
    this(calibrations, (target, stop) -> Calibrator.measure(target, UUID.randomUUID(), stop));
  }

  Measuring(Calibrations calibrations, Measure measure) {
    this.calibrations = calibrations;
    this.measure = measure;
  }

  /** The measurement of a target that is under way, or a new one. */
  Future<Calibration> of(Target target) {
    return underway.computeIfAbsent(target.name(), name -> workers.submit(() -> measured(target)));
  }

  private Calibration measured(Target target) throws SQLException {
    try {
      Calibration fresh = measure.of(target, stop);
      calibrations.keep(target.name(), fresh);
      return fresh;
    } catch (SQLException e) {
      LOG.warnf("Target %s could not be calibrated, SQLSTATE %s", target.name(), e.getSQLState());
      throw e;
    } finally {
      underway.remove(target.name());
    }
  }

  @PreDestroy
  void close() {
    workers.shutdown();
    underway.values().forEach(each -> each.cancel(false));
    stop.now();
  }
}
