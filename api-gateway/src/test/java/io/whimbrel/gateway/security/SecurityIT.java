package io.whimbrel.gateway.security;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static io.whimbrel.gateway.support.Callers.with;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.whimbrel.event.Topics;
import io.whimbrel.gateway.support.Credential;
import io.whimbrel.gateway.support.Endpoint;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Records;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
  static final List<Endpoint> ENDPOINTS = Endpoint.all();

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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
    ENDPOINTS.forEach(
        endpoint ->
            List.of("executor", "validation", "monitoring")
                .forEach(service -> services.json("/" + service + endpoint.filled(), "[]")));
  }

  @ParameterizedTest
  @FieldSource("ENDPOINTS")
  void theCredentialDecidesWhoMay(Endpoint endpoint) {
    SoftAssertions softly = new SoftAssertions();
    Set<String> permitted = new HashSet<>();
    for (Credential credential : Credential.all()) {
      services.forgetRequests();
      int expected = credential.expected(endpoint);
      Answer answer = answer(endpoint, credential);
      softly.assertThat(answer.outcome()).as("%s", credential).isEqualTo(expected);
      if (expected != 200) {
        softly
            .assertThat(answer.contentType())
            .as("%s", credential)
            .startsWith("application/problem+json");
        // What a stream of an earlier caller has asked for may come late.
        softly
            .assertThat(services.requests())
            .filteredOn(
                request -> !permitted.contains(String.valueOf(request.header("Authorization"))))
            .as("%s", credential)
            .isEmpty();
      } else if (credential.header() != null) {
        permitted.add(credential.header());
      }
      if (expected == 401) {
        softly.assertThat(answer.challenge()).as("%s", credential).startsWith("Bearer");
      }
    }
    softly.assertAll();
  }

  /** Status (any success as 200), content type and challenge; the body may go on for ever. */
  private record Answer(int status, String contentType, String challenge) {
    int outcome() {
      return status / 100 == 2 ? 200 : status;
    }
  }

  private Answer answer(Endpoint endpoint, Credential credential) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.resolve(API + endpoint.filled()))
            .method(
                endpoint.method(),
                endpoint.body() == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(endpoint.body()));
    if (endpoint.body() != null) {
      request.header("Content-Type", "application/json");
    }
    if (credential.header() != null) {
      request.header("Authorization", credential.header());
    }
    try {
      HttpResponse<InputStream> response =
          CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      response.body().close();
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.headers().firstValue("WWW-Authenticate").orElse(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @FieldSource("ENDPOINTS")
  void noSpellingOfThePathPermitsMore(Endpoint endpoint) {
    SoftAssertions softly = new SoftAssertions();
    try (Records requested = new Records(kafka, Topics.MIGRATION_REQUESTED)) {
      for (String path : spellings(API + endpoint.filled())) {
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
}
