package io.whimbrel.monitoring.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.delivery.OutboxRelay;
import io.whimbrel.monitoring.Database;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** The service's own management port stands for that of another. */
@QuarkusTest
class OutboxProbeIT {
  private static final long RELAY_LOCK = 0x77686d62_6f757462L;

  @TestHTTPResource(value = "/", management = true)
  String management = "";

  @TestHTTPResource("/")
  String api = "";

  @Inject OutboxRelay relay;

  /** Nobody sends while the lock of the relay is held. */
  @Test
  void eventsThatWaitAreToldByTheirServiceUntilTheyAreSent() {
    OutboxProbe probe = probe("http://localhost:1");
    try (Handle handle = Database.jdbi().open()) {
      handle.execute("select pg_advisory_lock(?)", RELAY_LOCK);
      handle.execute(
          """
          insert into outbox (position, topic, header_names, header_values, created_at)
          overriding system value
          values (-1, 'alert.raised', '{}', '{}', now() - interval '90 s')
          """);
      awaitTold(
          probe,
          told ->
              assertThat(told)
                  .containsOnlyKeys("migration-executor", "monitoring-service")
                  .allSatisfy((service, seconds) -> assertThat(seconds).isBetween(90d, 120d)));
      handle.execute("delete from outbox where position = -1");
    }
    awaitTold(
        probe,
        told ->
            assertThat(told).isEqualTo(Map.of("migration-executor", 0d, "monitoring-service", 0d)));
  }

  private static void awaitTold(OutboxProbe probe, Consumer<Map<String, Double>> expected) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              probe.look();
              expected.accept(probe.seconds());
            });
  }

  @Test
  void aServiceThatDoesNotAnswerInTimeOrWithTheFigureIsLeftOut() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(probe("http://localhost:" + silent.getLocalPort()).look())
          .containsOnlyKeys("migration-executor", "monitoring-service");
    }
    assertThat(probe(api).look()).containsOnlyKeys("migration-executor", "monitoring-service");
  }

  private OutboxProbe probe(String validation) {
    return new OutboxProbe(
        relay,
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(HealthConfig.class)
            .withSources(
                new PropertiesConfigSource(
                    Map.of(
                        "migration.health.executor-url", management,
                        "migration.health.validation-url", validation,
                        "migration.health.services-timeout", "PT0.5S"),
                    "test",
                    1_000))
            .build()
            .getConfigMapping(HealthConfig.class));
  }
}
