package io.whimbrel.gateway.security;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static io.whimbrel.gateway.support.Callers.with;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.whimbrel.event.Topics;
import io.whimbrel.gateway.support.Endpoint;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Records;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class SecurityIT {
  static final List<Endpoint> ENDPOINTS = Endpoint.ALL;

  private static final Duration HOUR = Duration.ofHours(1);

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init")
  URI gateway;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @BeforeEach
  void reset() {
    services.reset();
    Endpoint.ALL.forEach(
        endpoint ->
            List.of("executor", "validation", "monitoring")
                .forEach(service -> services.json("/" + service + endpoint.path(), "[]")));
  }

  @ParameterizedTest
  @FieldSource("ENDPOINTS")
  void badTokensAreNoTokens(Endpoint endpoint) {
    SoftAssertions softly = new SoftAssertions();
    badTokens()
        .forEach(
            (name, token) -> {
              Response response = endpoint.call(with(token));
              softly.assertThat(response.statusCode()).as(name).isEqualTo(401);
              softly
                  .assertThat(response.contentType())
                  .as(name)
                  .startsWith("application/problem+json");
              softly.assertThat(response.header("WWW-Authenticate")).as(name).startsWith("Bearer");
            });
    softly.assertThat(services.requests()).isEmpty();
    softly.assertAll();
  }

  @ParameterizedTest
  @FieldSource("ENDPOINTS")
  void rolesDecide(Endpoint endpoint) {
    SoftAssertions softly = new SoftAssertions();
    for (var roles :
        List.of(List.<String>of(), List.of("user"), List.of("super-admin"), List.of("Admin"))) {
      Response response = endpoint.call(with(OidcResource.token(roles.toArray(String[]::new))));
      softly
          .assertThat(response.statusCode())
          .as("%s", roles)
          .isEqualTo(permitted(endpoint, roles) ? 200 : 403);
      if (!permitted(endpoint, roles)) {
        softly.assertThat(response.contentType()).startsWith("application/problem+json");
      }
    }
    softly
        .assertThat(endpoint.call(given()).statusCode())
        .as("anonymous")
        .isEqualTo(endpoint.open() ? 200 : 401);
    if (!endpoint.path().endsWith("/events")) {
      int admin = endpoint.call(with(OidcResource.token("admin"))).statusCode();
      softly
          .assertThat(admin)
          .as("admin")
          .isBetween(endpoint.superAdmin() ? 403 : 200, endpoint.superAdmin() ? 403 : 202);
      softly
          .assertThat(endpoint.call(with(OidcResource.token("admin", "super-admin"))).statusCode())
          .as("super-admin")
          .isBetween(200, 202);
    }
    softly.assertAll();
  }

  private static boolean permitted(Endpoint endpoint, List<String> roles) {
    return endpoint.open() || (endpoint.superAdmin() && roles.contains("super-admin"));
  }

  @ParameterizedTest
  @FieldSource("ENDPOINTS")
  void noSpellingOfThePathPermitsMore(Endpoint endpoint) {
    SoftAssertions softly = new SoftAssertions();
    try (Records requested = new Records(kafka, Topics.MIGRATION_REQUESTED)) {
      for (String path : spellings(API + endpoint.path())) {
        List<RequestSpecification> callers =
            endpoint.open() ? List.of() : List.of(given(), with(OidcResource.token()));
        for (RequestSpecification caller : callers) {
          softly
              .assertThat(endpoint.call(caller, path).statusCode())
              .as(path)
              .isIn(400, 401, 403, 404, 405);
        }
      }
      softly.assertThat(requested.seen()).isEmpty();
    }
    softly.assertThat(services.requests()).isEmpty();
    softly.assertAll();
  }

  @Test
  void whoeverIsUnknownIsTurnedAwayBeforeTheBodyIsRead() throws IOException {
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + API
                      + "/execute HTTP/1.1\r\nHost: gateway\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{")
                  .getBytes(US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(12);

      assertThat(new String(answer, US_ASCII)).isEqualTo("HTTP/1.1 401");
    }
  }

  @Test
  void whatIsNotServedIs404ForThoseWhoMayKnowAnd401ForOthers() {
    for (String path : List.of(API + "/nothing", "/nothing", "/", API + "/runs/no-uuid", API)) {
      admin()
          .get(path)
          .then()
          .statusCode(404)
          .contentType("application/problem+json")
          .body("status", equalTo(404));
      given()
          .get(path)
          .then()
          .statusCode(401)
          .contentType("application/problem+json")
          .header("WWW-Authenticate", startsWith("Bearer"));
    }
  }

  @Test
  void otherMethodsAre405ForThoseWhoMayKnowAnd401ForOthers() {
    admin().delete(API + "/status").then().statusCode(405).contentType("application/problem+json");
    given().delete(API + "/status").then().statusCode(401);
    given().contentType("text/plain").body("x").post(API + "/execute").then().statusCode(401);
  }

  @Test
  void aRefusalRepeatsNothingOfTheRequest() {
    String body = admin().get(API + "/runs/SECRET").then().statusCode(404).extract().asString();

    assertThat(body).doesNotContain("value is", "PathParam", "SECRET'");
  }

  private static Map<String, String> badTokens() {
    String good = OidcResource.token("admin");
    String[] parts = good.split("\\.", -1);
    return Map.of(
        "garbage", "garbage",
        "bad signature", parts[0] + "." + parts[1] + "." + flipped(parts[2]),
        "other claims",
            parts[0]
                + "."
                + base64("{\"sub\":\"x\",\"realm_access\":{\"roles\":[\"admin\"]}}")
                + "."
                + parts[2],
        "no signature", base64("{\"alg\":\"none\"}") + "." + parts[1] + ".",
        "expired", OidcResource.oddToken(Duration.ofMinutes(-5), Map.of()),
        "wrong audience", OidcResource.oddToken(HOUR, Map.of("aud", "other")),
        "wrong issuer", OidcResource.oddToken(HOUR, Map.of("iss", "http://localhost/other")),
        "ID token by type", OidcResource.oddToken(HOUR, Map.of("typ", "ID")),
        "ID token by nonce", OidcResource.oddToken(HOUR, Map.of("nonce", "n")),
        "refresh token", OidcResource.oddToken(HOUR, Map.of("typ", "Refresh")));
  }

  private static List<String> spellings(String path) {
    List<String> spellings = new ArrayList<>();
    spellings.add(path + ";a");
    spellings.add(path + ";a=b");
    spellings.add(path + "%3Ba");
    spellings.add(path + "/");
    spellings.add(path + "//");
    spellings.add(path + "/.");
    spellings.add(path + "%2f");
    spellings.add(path + "%00");
    spellings.add(path + "?a");
    spellings.add("/" + path);
    spellings.add(path.replace("/v1", "//v1"));
    spellings.add(path.replace("/v1", "/v1;a"));
    spellings.add(path.replace("/v1", "/v1%2f"));
    spellings.add(path.replace("/v1", "/v2/../v1"));
    spellings.add(path.replace("/v1", "/v2/%2e%2e/v1"));
    spellings.add(path.replace("/v1", "/%76%31"));
    spellings.add("/q/health/.." + "/.." + path);
    spellings.add("/q/openapi/%2e%2e/%2e%2e" + path);
    spellings.add("/q/openapi/..;/.." + path);
    spellings.add(API + "/health/.." + path.substring(API.length()));
    spellings.add(API + "/health/%2e%2e" + path.substring(API.length()));
    spellings.add(API + "/health;/.." + path.substring(API.length()));
    spellings.add(path.toUpperCase(Locale.ROOT));
    return spellings;
  }

  private static String flipped(String signature) {
    return (signature.startsWith("A") ? "B" : "A") + signature.substring(1);
  }

  private static String base64(String json) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
  }
}
