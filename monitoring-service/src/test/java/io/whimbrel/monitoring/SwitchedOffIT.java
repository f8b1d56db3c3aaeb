package io.whimbrel.monitoring;

import static io.restassured.RestAssured.given;
import static io.whimbrel.monitoring.Published.publish;
import static io.whimbrel.monitoring.Runs.progress;
import static io.whimbrel.monitoring.Runs.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.whimbrel.event.RunStateName;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SwitchedOffIT.Off.class)
class SwitchedOffIT {

  public static class Off implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("migration.monitoring.enabled", "false", "migration.cleanup.interval", "0");
    }
  }

  @TestHTTPResource(value = "/health/ready", management = true)
  String management = "";

  @Inject KafkaClientService kafka;

  @Test
  void theAuditTrailIsKeptWhileMonitoringIsOff() {
    UUID runId = UUID.randomUUID();
    Instant now = Instant.now();
    publish(requested(runId, "orders", now));
    publish(progress(runId, "orders", 1, RunStateName.REJECTED, now));
    String entries = "select count(*) from audit_entry where subject = ?";
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> Database.count(entries, runId.toString()) == 2);
    assertThat(Database.count("select count(*) from event_log where run_id = ?", runId)).isZero();
    assertThat(Database.count("select count(*) from run_picture where run_id = ?", runId)).isZero();
  }

  @Test
  void nothingIsConsumedWhileMonitoringIsOff() {
    assertThat(
            List.of(
                "migration-requested",
                "migration-progress",
                "validation-completed",
                "alert-raised"))
        .allMatch(channel -> kafka.getConsumer(channel) == null);
    given().get("/api/v1/migrations/health").then().statusCode(200);
    assertThat(RestAssured.get(management).statusCode()).isEqualTo(200);
  }
}
