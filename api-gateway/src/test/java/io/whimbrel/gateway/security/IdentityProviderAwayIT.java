package io.whimbrel.gateway.security;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.OwnOidc;
import io.whimbrel.local.test.KafkaResource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(IdentityProviderAwayIT.WithOwnOidc.class)
class IdentityProviderAwayIT {
  @TestHTTPResource(value = "/health", management = true)
  @SuppressWarnings("NullAway.Init")
  URI health;

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  OwnOidc provider;

  @SuppressWarnings("NullAway.Init")
  FakeServices services;

  /** Other resources than the rest of the tests. */
  public static final class WithOwnOidc implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(
          new TestResourceEntry(KafkaResource.class),
          new TestResourceEntry(FakeServices.class),
          new TestResourceEntry(OwnOidc.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }
  }

  @Test
  void tokensThatCannotBeJudgedAre503UntilTheProviderIsBack() {
    services.reset();
    services.json("/executor/status", "{}");
    services.json("/monitoring/health", "{\"status\": \"UP\"}");

    // The gateway has started without it.
    admin()
        .get(API + "/status")
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "5")
        .body("service", equalTo("identity-provider"));
    admin()
        .contentType("application/json")
        .body("{}")
        .post(API + "/execute")
        .then()
        .statusCode(503);
    given().get(API + "/status").then().statusCode(401);
    given().get(API + "/health").then().statusCode(200);
    given().get(health + "/live").then().statusCode(200);

    provider.open(true);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> admin().get(API + "/status").statusCode() == 200);

    // Whose key is known is known without it.
    provider.open(false);
    admin().get(API + "/status").then().statusCode(200);
  }
}
