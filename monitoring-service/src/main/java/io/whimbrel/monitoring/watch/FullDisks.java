package io.whimbrel.monitoring.watch;

import io.whimbrel.event.Severity;
import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import io.whimbrel.monitoring.health.Disks;
import io.whimbrel.monitoring.health.HealthConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Directories that run out of space. */
@ApplicationScoped
class FullDisks implements Condition {
  private final Disks disks;
  private final HealthConfig config;

  FullDisks(Disks disks, HealthConfig config) {
    this.disks = disks;
    this.config = config;
  }

  @Override
  public AlertKind kind() {
    return AlertKind.DISK_LOW;
  }

  @Override
  public List<Alert> present(Instant now) {
    return disks.look().stream()
        .filter(disk -> disk.freePercent() < config.disk().degradedBelow())
        .map(disk -> alert(disk, now))
        .toList();
  }

  private Alert alert(Disks.Disk disk, Instant now) {
    return Alert.ofCondition(
        AlertKind.DISK_LOW,
        disk.freePercent() < config.disk().unhealthyBelow() ? Severity.CRITICAL : Severity.WARNING,
        null,
        null,
        "There is little space left for " + disk.directory(),
        "%d %% of its disk are free. Runs end as FAILED, with their targets untouched, once a backup does not fit. Remove what is not needed, or give it more space."
            .formatted(disk.freePercent()),
        "disk-low:" + disk.directory(),
        now);
  }
}
