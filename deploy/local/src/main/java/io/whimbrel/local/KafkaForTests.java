package io.whimbrel.local;

import java.util.Map;
import java.util.Properties;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker of this JVM's tests, with the topics of the project: Testcontainers' where a container
 * engine answers and has or gets the image, the embedded one otherwise. Nothing else knows which.
 */
public final class KafkaForTests {

  private static final String SHARED = "whimbrel.local.kafka.bootstrap";
  private static final String IMAGE = "apache/kafka:4.2.1";

  private KafkaForTests() {}

  /** The address of the broker, which is started at the first call and stops with the JVM. */
  public static String bootstrapServers() {
    Properties properties = System.getProperties();
    synchronized (properties) {
      String shared = properties.getProperty(SHARED);
      if (shared != null) {
        return shared;
      }
      String started = containerEngineAnswers() && imageIsThere() ? inContainer() : embedded();
      try (KafkaSetup setup = new KafkaSetup(Map.of("bootstrap.servers", started))) {
        setup.createTopics(Layout.topics(), "local");
      }
      properties.setProperty(SHARED, started);
      return started;
    }
  }

  private static boolean containerEngineAnswers() {
    return Commands.exists("docker") && Commands.run("docker", "info") == 0;
  }

  private static boolean imageIsThere() {
    return Commands.run("docker", "image", "inspect", IMAGE) == 0
        || Commands.run("docker", "pull", IMAGE) == 0;
  }

  private static String inContainer() {
    KafkaContainer container = new KafkaContainer(IMAGE);
    container.start();
    stopWithJvm(container::stop);
    return container.getBootstrapServers();
  }

  private static String embedded() {
    KafkaBroker broker = KafkaBroker.temporary();
    stopWithJvm(broker::close);
    return broker.bootstrapServers();
  }

  private static void stopWithJvm(Runnable stop) {
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop-kafka"));
  }
}
