package io.whimbrel.monitoring.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How much space there is in the directories that are written to, as far as they are here. */
@ApplicationScoped
public class Disks {
  private final List<Path> directories;

  Disks(
      HealthConfig config,
      @ConfigProperty(name = "migration.backup.dir") Optional<String> backups,
      @ConfigProperty(name = "migration.metrics.dir") Optional<String> metrics,
      @ConfigProperty(name = "migration.alerts.dir") Optional<String> alerts) {
    this.directories =
        Stream.concat(
                config.disk().directories().orElse(List.of()).stream(),
                Stream.of(backups, metrics, alerts).flatMap(Optional::stream).map(Path::of))
            .distinct()
            .toList();
  }

  /** What is left of a directory's disk. */
  public record Disk(Path directory, long freePercent) {}

  /** The directories that exist on this machine. */
  public List<Disk> look() {
    return directories.stream().filter(Files::isDirectory).flatMap(Disks::look).toList();
  }

  private static Stream<Disk> look(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      long total = store.getTotalSpace();
      return total <= 0
          ? Stream.empty()
          : Stream.of(new Disk(directory, 100 * store.getUsableSpace() / total));
    } catch (IOException e) {
      return Stream.of(new Disk(directory, 0));
    }
  }
}
