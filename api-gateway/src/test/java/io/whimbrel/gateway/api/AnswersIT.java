package io.whimbrel.gateway.api;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.superAdmin;
import static io.whimbrel.gateway.support.Callers.with;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.whimbrel.gateway.support.ApiDocument;
import io.whimbrel.gateway.support.Endpoint;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Recovery;
import io.whimbrel.local.test.ApiContract;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What the gateway itself answers is as documented, for every endpoint. What the services answer is
 * held against the document in the tests of the whole suite.
 */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class AnswersIT {
  static final List<Endpoint> ENDPOINTS = Endpoint.all();

  private static final List<String> SERVICES = List.of("executor", "validation", "monitoring");
  private static final ApiContract CONTRACT = new ApiContract(ApiDocument.ROOT);

  private final SoftAssertions softly = new SoftAssertions();

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @BeforeEach
  void reset() {
    services.reset();
  }

  @ParameterizedTest
  @FieldSource("ENDPOINTS")
  void theGatewaysOwnAnswersAreAsDocumented(Endpoint endpoint) {
    if (!endpoint.open()) {
      documented(endpoint, 401, endpoint.call(given()));
      documented(endpoint, 403, endpoint.call(with(OidcResource.token())));
    }
    documented(endpoint, 400, endpoint.call(superAdmin(), API + endpoint.filled() + "?SECRET=1"));
    if (endpoint.body() != null) {
      documented(
          endpoint, 413, endpoint.send(superAdmin(), " ".repeat(70_000).getBytes(UTF_8), Map.of()));
      documented(
          endpoint,
          415,
          endpoint.send(superAdmin(), "x".getBytes(UTF_8), Map.of("Content-Type", "text/plain")));
    }
    if (!endpoint.passedOn() && !endpoint.streams()) {
      command(endpoint);
    }
    softly.assertAll();
  }

  @Test
  void missingServicesAreAsDocumented() {
    SERVICES.forEach(services::goesDown);
    ENDPOINTS.stream()
        .filter(Endpoint::passedOn)
        .forEach(endpoint -> documented(endpoint, 503, endpoint.call(superAdmin())));
    softly.assertAll();

    services.reset();
    Recovery.await(services);
  }

  private void command(Endpoint endpoint) {
    String key = UUID.randomUUID().toString();
    documented(endpoint, 202, endpoint.call(superAdmin().header("Idempotency-Key", key)));
    String other = String.valueOf(endpoint.body()).replace("orders", "other");
    documented(
        endpoint,
        422,
        endpoint.send(superAdmin(), other.getBytes(UTF_8), Map.of("Idempotency-Key", key)));
    documented(endpoint, 400, endpoint.call(superAdmin().header("Idempotency-Key", "two words")));
    services.json(
        "/executor/keys/claim",
        "{\"outcome\": \"IN_PROGRESS\", \"runId\": \"%s\"}".formatted(UUID.randomUUID()));
    documented(endpoint, 409, endpoint.call(superAdmin().header("Idempotency-Key", key)));
    services.reset();
    services.on("/executor/keys/claim", exchange -> exchange.close());
    documented(endpoint, 503, endpoint.call(superAdmin().header("Idempotency-Key", key)));
  }

  private void documented(Endpoint endpoint, int status, Response answer) {
    softly.assertThat(answer.statusCode()).as("%s", endpoint).isEqualTo(status);
    softly
        .assertThat(
            CONTRACT.faults(
                endpoint.method(),
                API + endpoint.path(),
                answer.statusCode(),
                answer.contentType(),
                answer.asString()))
        .as("%s %d", endpoint, status)
        .isEmpty();
    if (status >= 400) {
      softly.assertThat(answer.<String>path("type")).as("type").startsWith("/problems.md#");
    }
  }
}
