package io.whimbrel.gateway.upstream;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static io.whimbrel.gateway.support.Callers.superAdmin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.whimbrel.gateway.support.Endpoint;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Recovery;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * With each service down in turn: its part is missing and named, the rest works, and it returns.
 */
@QuarkusTest
@TestProfile(DegradationIT.WithBreakers.class)
class DegradationIT {

  /** A gateway whose breakers open soon, which those of other tests do not. */
  public static final class WithBreakers implements QuarkusTestProfile {
    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(
          new TestResourceEntry(KafkaResource.class),
          new TestResourceEntry(OidcResource.class),
          new TestResourceEntry(FakeServices.class, Map.of(FakeServices.BREAKER_VOLUME, "20")));
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }
  }

  private static final List<Endpoint> PASSED_ON =
      Endpoint.all().stream().filter(Endpoint::passedOn).toList();

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @BeforeEach
  void everythingAnswers() {
    services.reset();
    PASSED_ON.forEach(
        endpoint ->
            Stream.of(Service.values())
                .forEach(
                    service ->
                        services.json("/" + directory(service) + endpoint.filled(), "{\"a\": 1}")));
  }

  @AfterEach
  void everythingIsBack() {
    services.reset();
    Recovery.await(services);
  }

  @ParameterizedTest
  @EnumSource
  void onlyThePartOfAServiceThatIsDownIsMissing(Service down) {
    services.goesDown(directory(down));

    SoftAssertions softly = new SoftAssertions();
    // Twice, so that the breaker opens on the way; the answers stay the same.
    for (int round = 0; round < 2; round++) {
      for (Endpoint endpoint : PASSED_ON) {
        Response answer = endpoint.call(superAdmin());
        if (owner(endpoint) == down) {
          softly.assertThat(answer.statusCode()).as("%s", endpoint).isEqualTo(503);
          softly.assertThat(answer.contentType()).startsWith("application/problem+json");
          softly.assertThat(answer.header("Retry-After")).as("%s", endpoint).matches("[1-9]");
          softly.assertThat(answer.<String>path("service")).isEqualTo(down.label());
        } else {
          softly.assertThat(answer.statusCode()).as("%s", endpoint).isEqualTo(200);
        }
      }
    }
    softly.assertAll();
    command(null).then().statusCode(202);
  }

  @Test
  void withoutTheExecutorACommandUnderAKeyHasToWaitAndOneWithoutIsTaken() {
    services.goesDown("executor");

    command("key-" + UUID.randomUUID())
        .then()
        .statusCode(503)
        .body("service", equalTo("migration-executor"));
    admin()
        .contentType("application/json")
        .header("Prefer", "wait=1")
        .body("{\"target\": \"orders\"}")
        .post(API + "/execute")
        .then()
        .statusCode(202);
  }

  @Test
  void aServiceThatDoesNotAnswerIsLeftAloneAndAskedAgainAfterAWhile() {
    services.goesDown("validation");
    int before;
    do {
      before = services.refused();
      rulesAreMissing();
    } while (services.refused() > before && before < 100);
    int asked = before;
    assertThat(asked).as("questions until the breaker opened").isLessThanOrEqualTo(20);

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              rulesAreMissing();
              return services.refused() > asked;
            });
    rulesAreMissing();
    assertThat(services.refused()).as("one question to find out").isEqualTo(asked + 1);

    everythingAnswers();
    await()
        .atMost(PATIENCE)
        .until(() -> admin().get(API + "/validation/rules").statusCode() == 200);
  }

  private static void rulesAreMissing() {
    admin().get(API + "/validation/rules").then().statusCode(503);
  }

  private static Response command(@Nullable String key) {
    var request = admin().contentType("application/json").body("{\"target\": \"orders\"}");
    return (key == null ? request : request.header("Idempotency-Key", key)).post(API + "/execute");
  }

  private static Service owner(Endpoint endpoint) {
    if (endpoint.path().startsWith("/validation/")) {
      return Service.VALIDATION;
    }
    boolean monitoring =
        Stream.of(
                "/health",
                "/metrics",
                "/performance",
                "/report",
                "/export",
                "/alerts",
                "/audit",
                "/cleanup",
                "/rebuild")
            .anyMatch(endpoint.path()::startsWith);
    return monitoring ? Service.MONITORING : Service.EXECUTOR;
  }

  private static String directory(Service service) {
    return switch (service) {
      case EXECUTOR -> "executor";
      case VALIDATION -> "validation";
      case MONITORING -> "monitoring";
    };
  }
}
