package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker (KRaft, one node) as a child process with a class path of its own. Stopped or
 * killed, it can be started again on the same ports and data.
 */
public final class KafkaBroker implements AutoCloseable {

  private final Path home;
  private final int port;
  private final int controllerPort;
  private final Path log;
  private final boolean temporary;
  private final KafkaDoor door;
  private final Consumer<ChildProcess> started;
  private @Nullable ChildProcess child;

  private KafkaBroker(
      Path home,
      int port,
      int controllerPort,
      Path log,
      boolean temporary,
      KafkaDoor door,
      Consumer<ChildProcess> started) {
    this.home = home;
    this.port = port;
    this.controllerPort = controllerPort;
    this.log = log;
    this.temporary = temporary;
    this.door = door;
    this.started = started;
  }

  /** A running broker whose data go when it is closed or this JVM ends. */
  public static KafkaBroker temporary() {
    return temporary(KafkaDoor.open());
  }

  static KafkaBroker temporary(KafkaDoor door) {
    Path home = Directories.temporary("whimbrel-kafka-");
    int port = Ports.free();
    KafkaBroker broker =
        new KafkaBroker(
            home, port, Ports.free(), home.resolve("kafka.log"), true, door, child -> {});
    return started(broker);
  }

  /** A running broker that keeps its data. */
  static KafkaBroker durable(
      Path home,
      int port,
      int controllerPort,
      Path log,
      KafkaDoor door,
      Consumer<ChildProcess> started) {
    KafkaBroker broker = new KafkaBroker(home, port, controllerPort, log, false, door, started);
    return started(broker);
  }

  private static KafkaBroker started(KafkaBroker broker) {
    try {
      broker.start();
      return broker;
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  public String bootstrapServers() {
    return "localhost:" + port;
  }

  /** Starts it, again if it was stopped or killed; returns when it answers. */
  public void start() {
    if (running()) {
      return;
    }
    writeConfiguration();
    child =
        ChildProcess.start(
            new ChildProcess.Spec(
                "kafka", command(), Map.of(), home, log, "KILL", temporary ? home.toString() : ""));
    started.accept(child);
    Wait.until(child, Duration.ofSeconds(90), () -> Ports.answers(port) && answers());
  }

  /** Creates the topics of the file that are not there. */
  public void createTopics(Path file) {
    try (KafkaSetup setup = new KafkaSetup(adminSettings())) {
      setup.createTopics(file, "local");
    }
  }

  public boolean running() {
    return child != null && child.alive();
  }

  /** SIGKILL. */
  public void kill() {
    child().kill();
  }

  public void pause() {
    child().pause();
  }

  public void resume() {
    child().resume();
  }

  /** A controlled shutdown. */
  public void stop() {
    child().stop("TERM", Duration.ofSeconds(30));
  }

  @Override
  public void close() {
    if (child != null) {
      child.stop(temporary ? "KILL" : "TERM", Duration.ofSeconds(30));
    }
    if (temporary) {
      Directories.delete(home);
    }
  }

  ChildProcess child() {
    if (child == null) {
      throw new IllegalStateException("The broker was not started");
    }
    return child;
  }

  private boolean answers() {
    try (Admin admin = Admin.create(adminSettings())) {
      return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What a client of that name is configured with. */
  public Map<String, Object> clientSettings(String user, String password) {
    return withAddress(door.client(user, password));
  }

  /** What a client is configured with that may do anything. */
  public Map<String, Object> adminSettings() {
    return withAddress(door.admin());
  }

  private Map<String, Object> withAddress(Map<String, Object> settings) {
    Map<String, Object> all = new LinkedHashMap<>(settings);
    all.put("bootstrap.servers", bootstrapServers());
    return all;
  }

  private List<String> command() {
    List<String> options =
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS");
    return Commands.java(
        options, Layout.kafkaJars() + "/*", "kafka.Kafka", configuration().toString());
  }

  private Path configuration() {
    return home.resolve("server.properties");
  }

  /** What {@code kafka-storage format} would write, without a JVM of its own for it. */
  private void writeConfiguration() {
    Path data = Directories.create(home.resolve("data"));
    try {
      Directories.writeSecret(configuration(), properties(data) + door.serverProperties());
      Path identity = data.resolve("meta.properties");
      if (!Files.exists(identity)) {
        String cluster = kafkaId();
        Files.writeString(
            identity,
            "version=1\ncluster.id=" + cluster + "\nnode.id=1\ndirectory.id=" + kafkaId() + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot prepare the broker", e);
    }
  }

  private static String kafkaId() {
    UUID id = UUID.randomUUID();
    return new org.apache.kafka.common.Uuid(
            id.getMostSignificantBits(), id.getLeastSignificantBits())
        .toString();
  }

  private String properties(Path data) {
    return """
    process.roles=broker,controller
    node.id=1
    controller.quorum.voters=1@localhost:%2$d
    controller.listener.names=CONTROLLER
    listeners=CLIENTS://localhost:%1$d,CONTROLLER://localhost:%2$d
    advertised.listeners=CLIENTS://localhost:%1$d
    inter.broker.listener.name=CLIENTS
    log.dirs=%3$s
    auto.create.topics.enable=false
    offsets.topic.replication.factor=1
    offsets.topic.num.partitions=3
    transaction.state.log.replication.factor=1
    transaction.state.log.min.isr=1
    transaction.state.log.num.partitions=3
    share.coordinator.state.topic.replication.factor=1
    share.coordinator.state.topic.min.isr=1
    group.initial.rebalance.delay.ms=0
    num.network.threads=2
    num.io.threads=2
    log.cleaner.dedupe.buffer.size=16777216
    """
        .formatted(port, controllerPort, data);
  }
}
