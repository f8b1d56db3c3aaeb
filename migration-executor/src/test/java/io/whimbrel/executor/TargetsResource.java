package io.whimbrel.executor;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A directory with an empty targets file and room for catalogues and backups, while tests run. */
public final class TargetsResource implements QuarkusTestResourceLifecycleManager {
  static final String HOME = "test.home";

  private Path home = Path.of("");

  @Override
  public Map<String, String> start() {
    try {
      home = Files.createTempDirectory("whimbrel-executor-");
      Files.writeString(home.resolve("targets.yaml"), "targets: []\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of(
        HOME,
        home.toString(),
        "whimbrel.targets.file",
        home.resolve("targets.yaml").toString(),
        "whimbrel.backup.directory",
        home.resolve("backups").toString(),
        // A plan is not to be judged by how busy the machine of a test is.
        "whimbrel.plans.budget",
        "120s",
        "whimbrel.forecast.calibrate",
        "false");
  }

  @Override
  public void stop() {
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(TargetsResource::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
