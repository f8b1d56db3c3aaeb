package io.whimbrel.gateway;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** What can be reached besides the API, and on which door. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class SurfaceIT {
  @TestHTTPResource(value = "/", management = true)
  @SuppressWarnings("NullAway.Init")
  URI management;

  @Test
  void theApiIsDocumentedForEveryone() {
    given()
        .get("/q/openapi?format=json")
        .then()
        .statusCode(200)
        .body("info.title", equalTo("Whimbrel"))
        .body("paths", hasKey(API + "/execute"))
        .body("components.schemas", hasKey("MigrateCommand"));
    given().get("/q/swagger-ui/").then().statusCode(200).body(containsString("swagger"));
  }

  @Test
  void metricsAndProbesAreBehindTheOtherDoor() {
    given().get(management + "health/live").then().statusCode(200);
    given().get(management + "health/started").then().statusCode(200);
    given().get(management + "metrics").then().statusCode(200).body(containsString("jvm_"));
    for (String path : new String[] {"/q/health", "/q/health/live", "/q/metrics"}) {
      assertThat(given().get(path).statusCode()).isIn(401, 404);
      admin().get(path).then().statusCode(404);
    }
    given().get(management.resolve("/api/v1/migrations/status").toString()).then().statusCode(404);
  }

  @Test
  void answersAreNeitherStoredNorGuessedAt() {
    admin()
        .get(API + "/status")
        .then()
        .header("Cache-Control", "no-store")
        .header("X-Content-Type-Options", "nosniff");
  }
}
