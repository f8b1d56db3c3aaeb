package io.whimbrel.gateway;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
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

  @TestHTTPResource("/")
  @SuppressWarnings("NullAway.Init")
  URI gateway;

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @BeforeEach
  void reset() {
    services.reset();
  }

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
  void theTypesOfProblemsLeadToAPageForEveryone() {
    given()
        .get("/problems.md")
        .then()
        .statusCode(200)
        .body(containsString("## key-reused"))
        .header("X-Content-Type-Options", "nosniff");
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
    for (String path : new String[] {API + "/status", API + "/nothing", API + "/runs/x"}) {
      admin()
          .get(path)
          .then()
          .header("Cache-Control", "no-store")
          .header("X-Content-Type-Options", "nosniff")
          .header("X-Frame-Options", "DENY")
          .header("Referrer-Policy", "no-referrer")
          .header("Content-Security-Policy", containsString("default-src 'none'"))
          .header("Strict-Transport-Security", containsString("max-age="))
          .header("Server", nullValue());
    }
    given()
        .get("/q/swagger-ui/")
        .then()
        .header("Content-Security-Policy", containsString("frame-ancestors 'none'"));
  }

  @Test
  void pagesOfOtherOriginsMayDoNothing() {
    String stranger = "https://evil.example.org";
    services.json("/executor/status", "{}");

    admin()
        .header("Origin", stranger)
        .get(API + "/status")
        .then()
        .statusCode(403)
        .header("Access-Control-Allow-Origin", nullValue());
    preflight(stranger).statusCode(403).header("Access-Control-Allow-Origin", nullValue());
    assertThat(services.requests()).isEmpty();

    admin()
        .header("Origin", FakeServices.CONSOLE)
        .get(API + "/status")
        .then()
        .statusCode(200)
        .header("Access-Control-Allow-Origin", FakeServices.CONSOLE)
        .header("Access-Control-Expose-Headers", containsString("Location"));
    preflight(FakeServices.CONSOLE)
        .statusCode(200)
        .header("Access-Control-Allow-Origin", FakeServices.CONSOLE)
        .header("Access-Control-Allow-Credentials", not(equalTo("true")));
  }

  private static ValidatableResponse preflight(String origin) {
    return given()
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST")
        .header("Access-Control-Request-Headers", "authorization,content-type")
        .options(API + "/execute")
        .then();
  }

  @Test
  void answersAreCompressedForThoseWhoWantIt() throws Exception {
    String runs = "{\"runs\": [" + "\"the same again\",".repeat(1_000) + "\"\"]}";
    services.json("/executor/runs", runs);

    HttpResponse<byte[]> compressed = runs("gzip");
    assertThat(compressed.headers().firstValue("Content-Encoding")).hasValue("gzip");
    assertThat(compressed.body()).hasSizeLessThan(runs.length() / 10);
    try (InputStream content = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
      assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo(runs);
    }
    HttpResponse<byte[]> plain = runs("identity");
    assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(new String(plain.body(), UTF_8)).isEqualTo(runs);
  }

  private HttpResponse<byte[]> runs(String encoding) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(gateway.resolve(API + "/runs"))
                .header("Authorization", "Bearer " + OidcResource.token("admin"))
                .header("Accept-Encoding", encoding)
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }
}
