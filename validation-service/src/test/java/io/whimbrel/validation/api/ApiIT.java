package io.whimbrel.validation.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import io.whimbrel.local.test.PostgresResource;
import io.whimbrel.validation.TargetResource;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(
    value = PostgresResource.class,
    initArgs = @ResourceArg(name = "database", value = "validation"))
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(TargetResource.class)
@SuppressWarnings("NullAway.Init")
class ApiIT {
  private static final String RULES = "/api/v1/migrations/validation/rules";
  private static final String REPORTS = "/api/v1/migrations/validation/reports/";

  @TestHTTPResource(value = "/", management = true)
  URI management;

  @Test
  void theRulesAreListed() {
    admin()
        .get(RULES)
        .then()
        .statusCode(200)
        .body(
            "id",
            hasItems(
                "fk_integrity",
                "not_null_constraints",
                "unique_constraints",
                "check_constraints",
                "referential_integrity",
                "duplicate_data"))
        .body("find { it.id == 'fk_integrity' }.category", equalTo("data_integrity"));
  }

  @Test
  void theRulesOfACategoryAreListed() {
    admin().get(RULES + "?category=data_integrity").then().body("$", hasSize(9));
    admin().get(RULES + "?category=performance").then().statusCode(200).body("$", hasSize(4));
    admin()
        .get(RULES + "?category=custom")
        .then()
        .statusCode(200)
        .body("id", equalTo(List.of("iban_check_digits")))
        .body("[0].costClass", equalTo("OWN"));
    admin()
        .get(RULES + "?category=nonsense")
        .then()
        .statusCode(400)
        .contentType("application/problem+json")
        .body("detail", containsString("data_integrity"));
  }

  @Test
  void anUnknownReportIsAProblem() {
    admin()
        .get(REPORTS + UUID.randomUUID())
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
    admin().get(REPORTS + "nonsense").then().statusCode(404);
  }

  @Test
  void onlyAdminsAreLetIn() {
    given().get(RULES).then().statusCode(401).contentType("application/problem+json");
    given().auth().oauth2("nonsense").get(RULES).then().statusCode(401);
    given().auth().oauth2(OidcResource.token()).get(RULES).then().statusCode(403);
    given().get(REPORTS + UUID.randomUUID()).then().statusCode(401);
  }

  @Test
  void probesAndMetricsAreOnTheManagementPort() {
    given().get(management.resolve("health/live")).then().statusCode(200);
    given()
        .get(management.resolve("health/ready"))
        .then()
        .statusCode(200)
        .body(containsString("Database"))
        .body(containsString("\"kafka\""));
    given().get(management.resolve("metrics")).then().statusCode(200).body(containsString("jvm_"));
    admin().get("/q/metrics").then().statusCode(404);
  }

  private static RequestSpecification admin() {
    return given().auth().oauth2(OidcResource.token("admin"));
  }
}
