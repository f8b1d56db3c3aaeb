package io.whimbrel.access;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Not ready while Kafka has never given this service every right it needs. What is missing is named
 * in the log, when it changes, and in the answer of the probe: principal, topic or group, remedy. A
 * thread of its own asks, so that a probe never waits for Kafka. Neither Kafka being away nor a
 * right that is taken later takes a service out: the others are no better off, and it still answers
 * what it can.
 */
@Readiness
@ApplicationScoped
public class KafkaRights implements HealthCheck {
  private static final Logger LOG = Logger.getLogger(KafkaRights.class);
  private static final int TIMEOUT_MS = 5_000;
  private static final Duration UNTIL_COMPLETE = Duration.ofSeconds(2);
  private static final Duration AFTERWARDS = Duration.ofMinutes(1);
  private static final String UNKNOWN = "Kafka has not answered yet";
  private static final String REMEDY =
      "; deploy/kafka/acls.yaml has the rights of every service, and deploy/kafka/apply gives them";

  private final Map<String, Object> broker;
  private final String principal;
  private final Set<Need> needs;
  private final Thread thread = new Thread(this::run, "kafka-rights");
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile String problem = UNKNOWN;
  private volatile boolean complete;

  KafkaRights(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      KafkaAccessConfig access,
      Config config) {
    this.broker = broker;
    this.principal = "User:" + access.user().orElse("ANONYMOUS");
    this.needs = Needs.of(config, access);
  }

  void start(@Observes StartupEvent event) {
    thread.setDaemon(true);
    thread.start();
  }

  @PreDestroy
  void stop() {
    stopped.countDown();
    thread.interrupt();
  }

  @Override
  public HealthCheckResponse call() {
    String now = problem;
    return HealthCheckResponse.named("kafka-rights")
        .status(complete || now.equals(UNKNOWN))
        .withData("principal", principal)
        .withData("missing", now)
        .build();
  }

  private void run() {
    Admin admin = null;
    try {
      do {
        admin = admin == null ? open() : admin;
        if (admin != null) {
          note(ask(admin));
        }
      } while (!stopped.await(
          (problem.isEmpty() ? AFTERWARDS : UNTIL_COMPLETE).toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (admin != null) {
        admin.close(Duration.ofSeconds(1));
      }
    }
  }

  /** Nothing while the brokers' names do not resolve. */
  private @Nullable Admin open() {
    Map<String, Object> settings = new HashMap<>(broker);
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "rights");
    settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
    try {
      return Admin.create(settings);
    } catch (KafkaException e) {
      LOG.debugf("No connection to Kafka yet: %s", e.getMessage());
      return null;
    }
  }

  /** What is missing; what was known before if Kafka does not answer. */
  private String ask(Admin admin) throws InterruptedException {
    try {
      List<String> missing = new RightsQuestion(admin, TIMEOUT_MS).missing(needs);
      return missing.isEmpty()
          ? ""
          : "Kafka does not let " + principal + " " + String.join(", ", missing) + REMEDY;
    } catch (ExecutionException e) {
      return e.getCause() instanceof AuthenticationException
          ? "Kafka does not know "
              + principal
              + " with this password; check WHIMBREL_KAFKA_USER, WHIMBREL_KAFKA_PASSWORD and"
              + " KAFKA_SECURITY_PROTOCOL, or set the password with deploy/kafka/apply"
          : problem;
    } catch (TimeoutException e) {
      return problem;
    }
  }

  private void note(String found) {
    if (found.equals(problem)) {
      return;
    }
    problem = found;
    if (found.isEmpty()) {
      complete = true;
      LOG.infof("Kafka lets %s do all that this service needs", principal);
    } else {
      LOG.error(found + (complete ? "" : ". Until then this service is not ready"));
    }
  }
}
