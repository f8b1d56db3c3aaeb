package io.whimbrel.gateway.rate;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.local.OidcProvider;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class RateIT {
  @Inject RateLimits limits;

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void whoSendsTooManyCommandsIsToldWhenToGoOnAndOthersAreNotAffected() {
    services.reset();
    services.json("/executor/status", "{}");
    services.json("/executor/plan", "{}");
    services.json("/validation/validation/specific", "{}");
    String hasty = token("hasty");
    List<String> commands =
        List.of("/execute", "/validate", "/rollback", "/plan", "/validation/specific");

    for (String command : commands) {
      exhaust("hasty");
      with(hasty)
          .contentType("application/json")
          .body("{\"target\": \"orders\"}")
          .post(API + command)
          .then()
          .statusCode(429)
          .contentType("application/problem+json")
          .header("Retry-After", matchesPattern("[1-9][0-9]?"));
    }
    assertThat(services.requests()).isEmpty();
    with(hasty).get(API + "/status").then().statusCode(200);
    with(token("patient"))
        .contentType("application/json")
        .body("{\"target\": \"orders\"}")
        .post(API + "/plan")
        .then()
        .statusCode(200);
  }

  private void exhaust(String caller) {
    boolean full = true;
    while (full) {
      full = limits.take(caller) == 0;
    }
  }

  private static String token(String subject) {
    return OidcProvider.sharedTokens().token(subject, List.of("admin"));
  }
}
