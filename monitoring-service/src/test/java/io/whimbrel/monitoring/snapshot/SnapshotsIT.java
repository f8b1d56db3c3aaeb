package io.whimbrel.monitoring.snapshot;

import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.event.RunStateName;
import io.whimbrel.monitoring.alert.AlertConfig;
import io.whimbrel.monitoring.alert.AlertRepository;
import io.whimbrel.monitoring.figures.AllTimes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@SuppressWarnings("NullAway.Init")
class SnapshotsIT {
  @Inject AllTimes figures;
  @Inject AlertRepository alerts;
  @Inject ObjectMapper json;

  @TempDir Path directory;

  @Test
  void figuresAndOpenAlertsAreFilesInTheDirectoriesThatAreSet() {
    String target = "f-" + UUID.randomUUID();
    UUID run = UUID.randomUUID();
    publish(progress(run, target, 1, RunStateName.FAILED, Instant.now()));
    Snapshots snapshots =
        snapshots(
            Map.of(
                "MIGRATION_METRICS_DIR", directory.resolve("metrics").toString(),
                "MIGRATION_ALERTS_DIR", directory.resolve("alerts").toString()));

    await()
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(
            () -> {
              snapshots.write();
              JsonNode open = read(directory.resolve("alerts/alerts.json"));
              assertThat(
                      StreamSupport.stream(open.path("alerts").spliterator(), false)
                          .map(alert -> alert.path("runId").asText()))
                  .contains(run.toString());
              JsonNode all = read(directory.resolve("metrics/metrics.json"));
              assertThat(all.at("/runs/outcomes/FAILED").asLong()).isPositive();
              assertThat(
                      StreamSupport.stream(all.path("targets").spliterator(), false)
                          .map(of -> of.path("target").asText()))
                  .contains(target);
            });
    assertThat(directory.resolve("alerts/alerts.json.new")).doesNotExist();
  }

  @Test
  void withoutADirectoryNothingIsWritten() throws IOException {
    snapshots(Map.of()).write();
    snapshots(Map.of("MIGRATION_ALERTS_DIR", directory.toString())).write();
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("alerts.json"));
    }
  }

  @Test
  void whoReadsSeesAWholeFileAtAnyTime() throws Exception {
    AtomicFile file = new AtomicFile(directory.resolve("figures.json"));
    byte[] small = json.writeValueAsBytes(Map.of("text", "x"));
    byte[] large = json.writeValueAsBytes(Map.of("text", "y".repeat(100_000)));
    file.write(small);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Integer> reads =
        CompletableFuture.supplyAsync(
            () -> {
              int count = 0;
              while (!stop.get()) {
                assertThat(read(directory.resolve("figures.json")).has("text")).isTrue();
                count++;
              }
              return count;
            });
    for (int i = 0; i < 50; i++) {
      file.write(large);
      file.write(small);
    }
    stop.set(true);
    assertThat(reads.get()).isPositive();
  }

  @Test
  void aDirectoryThatCannotBeWrittenLeavesTheOtherFileAlone() throws IOException {
    Path blocked = Files.writeString(directory.resolve("blocked"), "a file in its place");
    snapshots(
            Map.of(
                "MIGRATION_METRICS_DIR", blocked.toString(),
                "MIGRATION_ALERTS_DIR", directory.toString()))
        .write();
    assertThat(blocked).hasContent("a file in its place");
    assertThat(read(directory.resolve("alerts.json")).has("writtenAt")).isTrue();
  }

  private JsonNode read(Path file) {
    try {
      return json.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new AssertionError(file + " is not whole", e);
    }
  }

  private Snapshots snapshots(Map<String, String> environment) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new EnvConfigSource(environment, 300))
            .withConverter(Duration.class, 200, new DurationConverter())
            .withMapping(SnapshotConfig.class)
            .withMapping(AlertConfig.class)
            .build();
    return new Snapshots(
        config.getConfigMapping(SnapshotConfig.class),
        config.getConfigMapping(AlertConfig.class),
        figures,
        alerts,
        json);
  }
}
