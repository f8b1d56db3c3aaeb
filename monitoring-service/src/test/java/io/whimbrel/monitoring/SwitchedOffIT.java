package io.whimbrel.monitoring;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SwitchedOffIT.Off.class)
class SwitchedOffIT {

  public static class Off implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("migration.monitoring.enabled", "false");
    }
  }

  @TestHTTPResource(value = "/health/ready", management = true)
  String management = "";

  @Inject KafkaClientService kafka;

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
