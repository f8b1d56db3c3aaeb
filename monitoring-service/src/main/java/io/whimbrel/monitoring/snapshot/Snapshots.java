package io.whimbrel.monitoring.snapshot;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.whimbrel.monitoring.SqlState;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertConfig;
import io.whimbrel.monitoring.alert.AlertRepository;
import io.whimbrel.monitoring.figures.AllTimes;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Writes the figures and the open alerts as files, for those who read files. */
@ApplicationScoped
class Snapshots {
  private static final Logger LOG = Logger.getLogger(Snapshots.class);

  private final SnapshotConfig config;
  private final AlertConfig alertConfig;
  private final AllTimes figures;
  private final AlertRepository alerts;
  private final ObjectMapper json;

  Snapshots(
      SnapshotConfig config,
      AlertConfig alertConfig,
      AllTimes figures,
      AlertRepository alerts,
      ObjectMapper json) {
    this.config = config;
    this.alertConfig = alertConfig;
    this.figures = figures;
    this.alerts = alerts;
    this.json = json;
  }

  /** The open alerts, the newest first. */
  record OpenAlerts(Instant writtenAt, List<Alert> alerts) {}

  private interface Content {
    Object get();
  }

  @Scheduled(
      every = "${migration.metrics.interval:1m}",
      delayed = "5s",
      concurrentExecution = ConcurrentExecution.SKIP)
  void write() {
    write(config.dir(), "metrics.json", figures::figures);
    write(alertConfig.dir(), "alerts.json", () -> new OpenAlerts(Instant.now(), alerts.open()));
  }

  private void write(Optional<Path> directory, String name, Content content) {
    if (directory.isEmpty()) {
      return;
    }
    try {
      byte[] bytes = json.writerWithDefaultPrettyPrinter().writeValueAsBytes(content.get());
      new AtomicFile(directory.get().resolve(name)).write(bytes);
    } catch (IOException e) {
      LOG.warnf("%s stays as it was: %s", name, e.getClass().getSimpleName());
    } catch (RuntimeException e) {
      LOG.warnf("%s stays as it was: %s", name, SqlState.describe(e));
    }
  }
}
