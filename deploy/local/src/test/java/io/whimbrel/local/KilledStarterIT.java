package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledStarterIT {

  @TempDir Path directory;

  @Test
  void nothingIsLeftAfterAKillOfTheJvmThatStartedTheServers() throws Exception {
    ChildProcess starter =
        ChildProcess.start(
            new ChildProcess.Spec(
                "starter",
                Commands.java(
                    List.of("-Xmx128m", "-Djava.io.tmpdir=" + directory),
                    System.getProperty("java.class.path"),
                    Starter.class.getName()),
                Map.of(),
                directory,
                directory.resolve("starter.log")));
    Wait.until(starter, Duration.ofMinutes(2), () -> Files.exists(directory.resolve("started")));
    List<ProcessHandle> started = starter.handle().descendants().toList();
    assertThat(started).hasSizeGreaterThan(4);

    starter.kill();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              assertThat(started).noneMatch(KilledStarterIT::lives);
              assertThat(servers()).isEmpty();
            });
  }

  private List<Path> servers() throws Exception {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.filter(path -> path.getFileName().toString().startsWith("whimbrel-")).toList();
    }
  }

  /** An orphan that nobody waits for stays as a name without a command line. */
  private static boolean lives(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /** Starts servers and waits to be killed. */
  static final class Starter {

    private Starter() {}

    public static void main(String[] arguments) throws Exception {
      EmbeddedPostgres postgres = EmbeddedPostgres.temporary();
      KafkaBroker kafka = KafkaBroker.temporary();
      Path directory = Path.of(System.getProperty("java.io.tmpdir"));
      Files.writeString(directory.resolve("started"), postgres.port() + kafka.bootstrapServers());
      Thread.sleep(Duration.ofMinutes(5).toMillis());
    }
  }
}
