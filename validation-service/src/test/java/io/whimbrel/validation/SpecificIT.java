package io.whimbrel.validation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import io.whimbrel.local.test.PostgresResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(
    value = PostgresResource.class,
    initArgs = @ResourceArg(name = "database", value = "validation"))
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(TargetResource.class)
@SuppressWarnings("NullAway.Init")
class SpecificIT {
  private static final String API = "/api/v1/migrations/validation";
  private static final Duration SOON = Duration.ofSeconds(30);

  @ConfigProperty(name = "whimbrel.targets.file")
  Path targets;

  @BeforeEach
  void create() {
    TargetResource.run(
        """
        drop table if exists line, item;
        create table item (id int primary key);
        create table line (id int primary key, item_id int, n int);
        insert into line values (1, 1, -1), (2, 2, 1);
        alter table line add constraint of_item foreign key (item_id) references item not valid,
          add constraint positive check (n > 0) not valid;
        """);
  }

  @Test
  void theNamedRulesLookAtTheNamedTables() {
    String report =
        ordered("{\"target\": \"orders\", \"tables\": [\"line\"], \"rules\": [\"fk_integrity\"]}");
    admin()
        .get(report)
        .then()
        .statusCode(200)
        .body("phase", equalTo("TARGETED"))
        .body("valid", equalTo(false))
        .body("results", hasSize(1))
        .body("results[0].findings[0].rows", equalTo(2))
        .body("results[0].findings[0].keys.id", hasItems("1", "2"))
        .body("criticalIssues", hasSize(1))
        .body("recommendations[0]", containsString("fk_integrity"));
  }

  @Test
  void aRuleOfAPlugInLooksLikeAnyOther() {
    TargetResource.run(
        """
        drop table if exists account;
        create table account (id int primary key, iban text);
        insert into account values (7, 'DE89370400440532013001');
        """);
    String report = ordered("{\"target\": \"orders\", \"rules\": [\"iban_check_digits\"]}");
    admin()
        .get(report)
        .then()
        .body("valid", equalTo(false))
        .body("summary.total", equalTo(1))
        .body("results[0].rule", equalTo("iban_check_digits"))
        .body("results[0].findings[0].keys[0].id", equalTo("7"))
        .body("recommendations[0]", containsString("iban_check_digits: Ask"));
    TargetResource.run("drop table account");
  }

  @Test
  void theNeighboursOfATableAreLookedAtOnlyWhenTheyAreAskedFor() {
    String checks = "\"tables\": [\"item\"], \"rules\": [\"check_constraints\"]";
    admin()
        .get(ordered("{\"target\": \"orders\", " + checks + "}"))
        .then()
        .body("results[0].status", equalTo("SKIPPED"));
    admin()
        .get(ordered("{\"target\": \"orders\", \"scope\": \"touched\", " + checks + "}"))
        .then()
        .body("results[0].status", equalTo("WARNING"))
        .body("valid", equalTo(true));
    admin()
        .get(
            ordered("{\"target\":\"orders\",\"scope\":\"touched\",\"strict\":true," + checks + "}"))
        .then()
        .body("valid", equalTo(false));
  }

  @Test
  void aReportIsThereForPeopleAndForBuildServers() {
    String report = ordered("{\"target\": \"orders\", \"rules\": [\"fk_integrity\"]}");
    String page =
        admin().get(report + "?format=markdown").then().statusCode(200).extract().asString();
    assertThat(page).contains("# Validation of orders: not valid", "fk_integrity");
    admin()
        .get(report + "?format=junit")
        .then()
        .statusCode(200)
        .contentType("application/xml")
        .body("testsuite.@failures", equalTo("1"));
    admin().get(report + "?format=pdf").then().statusCode(400);
  }

  @Test
  void twoReportsAreCompared() {
    String order = "{\"target\": \"orders\", \"categories\": [\"data_integrity\"]}";
    String earlier = ordered(order);
    TargetResource.run("insert into item values (1); update line set n = 1 where id = 1");
    String later = ordered(order);
    admin()
        .get(later + "/diff?with=" + earlier.substring(earlier.lastIndexOf('/') + 1))
        .then()
        .statusCode(200)
        .body("gone.rule", equalTo(List.of("check_constraints")))
        .body("changed[0].before", equalTo(2))
        .body("changed[0].after", equalTo(1))
        .body("appeared", hasSize(0));
    admin().get(later + "/diff").then().statusCode(400);
  }

  @Test
  void aValidationThatIsCancelledBreaksOffAndSaysWhoWantedThat() throws SQLException {
    try (Connection blocker = EmbeddedPostgres.shared().connect(TargetResource.DATABASE);
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("lock table line");
      String report = order("{\"target\": \"orders\", \"rules\": [\"fk_integrity\"]}");
      admin().get(report).then().statusCode(202);
      admin().post(report + "/cancel").then().statusCode(202);
      Awaitility.await().atMost(SOON).until(() -> admin().get(report), SpecificIT::ended);
      admin()
          .get(report)
          .then()
          .body("valid", equalTo(false))
          .body("error", containsString("cancelled by"));
      admin().post(report + "/cancel").then().statusCode(409);
    }
    admin().post(API + "/reports/" + UUID.randomUUID() + "/cancel").then().statusCode(404);
  }

  @Test
  void aLookThatIsUnderwayIsBrokenOff() throws IOException {
    Path rules = Files.createDirectories(targets.resolveSibling("migrations").resolve("rules"));
    Path slow =
        Files.writeString(
            rules.resolve("slow.yaml"),
            "business_constraints: [ { id: slow, sql: select pg_sleep(200) is null } ]");
    try {
      String report = order("{\"target\": \"orders\", \"rules\": [\"business_constraints\"]}");
      Awaitility.await().atMost(SOON).until(SpecificIT::sleeps);
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  admin()
                      .get(report)
                      .then()
                      .statusCode(202)
                      .body("progress.rules", equalTo(1))
                      .body("progress.rulesDone", equalTo(0)));
      admin().post(report + "/cancel").then().statusCode(202);
      Awaitility.await().atMost(SOON).until(() -> admin().get(report), SpecificIT::ended);
      admin().get(report).then().body("error", containsString("cancelled by"));
      Awaitility.await().atMost(SOON).until(() -> !sleeps());
    } finally {
      Files.delete(slow);
    }
  }

  @Test
  void allValidationsTogetherHaveNoMoreConnectionsThanTheTargetIsToBear() throws Exception {
    Path rules = Files.createDirectories(targets.resolveSibling("migrations").resolve("rules"));
    Path slow =
        Files.writeString(
            rules.resolve("slow.yaml"),
            """
            business_constraints:
              - { id: one, sql: select pg_sleep(200) is null }
              - { id: two, sql: select pg_sleep(200) is null }
            """);
    String order = "{\"target\": \"orders\", \"rules\": [\"business_constraints\"]}";
    try {
      List<String> reports = List.of(order(order), order(order), order(order));
      Awaitility.await().atMost(SOON).until(() -> connections("pg_sleep(200)") == 4);
      assertThat(connections("")).isEqualTo(6);
      Awaitility.await()
          .atMost(SOON)
          .until(() -> reports.stream().filter(report -> progressOf(report) == null).count() == 1);
      String waiting =
          reports.stream().filter(report -> progressOf(report) == null).findFirst().orElseThrow();
      String working =
          reports.stream().filter(report -> progressOf(report) != null).findFirst().orElseThrow();

      admin().post(working + "/cancel").then().statusCode(202);
      Awaitility.await().atMost(SOON).until(() -> progressOf(waiting) != null);
      assertThat(connections("")).isLessThanOrEqualTo(6);
      for (String report : reports) {
        admin().post(report + "/cancel");
        Awaitility.await().atMost(SOON).until(() -> admin().get(report), SpecificIT::ended);
      }
    } finally {
      Files.delete(slow);
    }
  }

  private static @Nullable Object progressOf(String report) {
    return admin().get(report).path("progress");
  }

  /** Sessions of validations whose query has a text in it. */
  private static int connections(String text) throws SQLException {
    try (Connection connection = EmbeddedPostgres.shared().connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where application_name like"
                    + " 'whimbrel-validation:%' and strpos(query, '"
                    + text
                    + "') > 0 and (state = 'active' or '' = '"
                    + text
                    + "')")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static boolean sleeps() throws SQLException {
    try (Connection connection = EmbeddedPostgres.shared().connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where wait_event = 'PgSleep'")) {
      row.next();
      return row.getLong(1) > 0;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"target": "nowhere"}                                 | 404 | not declared
          {}                                                    | 400 | target must
          {"target": "orders", "rules": ["nonsense"]}           | 400 | fk_integrity
          {"target": "orders", "categories": ["x"]}             | 400 | performance
          {"target": "orders", "scope": "tables"}               | 400 | at least one
          {"target": "orders", "scope": "everything"}           | 400 | database
          {"target": "orders", "mode": "some"}                  | 400 | quick, full, sample
          {"target": "orders", "tabels": ["line"]}              | 400 | nothing else
          not json                                              | 400 | JSON
          """)
  void anOrderThatCannotBeMeantIsRefused(String body, int status, String detail) {
    admin()
        .contentType("application/json")
        .body(body)
        .post(API + "/specific")
        .then()
        .statusCode(status)
        .contentType("application/problem+json")
        .body("detail", containsString(detail));
  }

  @Test
  void onlyAdminsMayOrder() {
    given()
        .contentType("application/json")
        .body("{}")
        .post(API + "/specific")
        .then()
        .statusCode(401);
    given()
        .auth()
        .oauth2(OidcResource.token())
        .contentType("application/json")
        .body("{}")
        .post(API + "/specific")
        .then()
        .statusCode(403);
  }

  /** Orders a validation, awaits its end, and answers where its report is. */
  private static String ordered(String body) {
    String path = order(body);
    Awaitility.await().atMost(SOON).until(() -> admin().get(path), SpecificIT::ended);
    return path;
  }

  private static String order(String body) {
    String place =
        admin()
            .contentType("application/json")
            .body(body)
            .post(API + "/specific")
            .then()
            .statusCode(202)
            .extract()
            .header("Location");
    return place.substring(place.indexOf("/api/"));
  }

  private static boolean ended(Response response) {
    return response.statusCode() == 200;
  }

  private static RequestSpecification admin() {
    return given().auth().oauth2(OidcResource.token("admin"));
  }
}
