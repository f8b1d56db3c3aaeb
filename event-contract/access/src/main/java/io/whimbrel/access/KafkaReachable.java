package io.whimbrel.access;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Says whether Kafka can be reached, and stays up if not: what is read needs no Kafka, and an
 * outage must not take every instance out of service. What needs it says so at its place.
 */
@Readiness
@ApplicationScoped
class KafkaReachable implements HealthCheck {
  private static final int TIMEOUT_MS = 2_000;

  private final Map<String, Object> broker;
  private @Nullable Admin admin;

  KafkaReachable(@Identifier("default-kafka-broker") Map<String, Object> broker) {
    this.broker = broker;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("kafka").up().withData("reachable", reachable()).build();
  }

  private boolean reachable() {
    try {
      return !admin().describeCluster().nodes().get(TIMEOUT_MS, TimeUnit.MILLISECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException | KafkaException away) {
      return false;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Made at the first use, as the producer is. */
  private synchronized Admin admin() {
    if (admin == null) {
      Map<String, Object> settings = new HashMap<>(broker);
      settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "health");
      settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
      settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
      admin = Admin.create(settings);
    }
    return admin;
  }

  @PreDestroy
  synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
