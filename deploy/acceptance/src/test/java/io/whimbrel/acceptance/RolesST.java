package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what. */
@WholeSuite
class RolesST {
  private static final Map<String, String> BODY = Map.of("target", "no-such-target");

  private final Suite suite;

  RolesST(Suite suite) {
    this.suite = suite;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/status",
        "/runs",
        "/runs/0b9ad1f4-6f3e-4f0c-9c64-3a1d5a1f0003",
        "/runs/0b9ad1f4-6f3e-4f0c-9c64-3a1d5a1f0003/events",
        "/catalog?target=demo",
        "/targets",
        "/alerts",
        "/metrics",
        "/validation/rules"
      })
  void readingNeedsTheRoleAdmin(String path) {
    assertThat(suite.withoutToken().get(path).status()).isEqualTo(401);
    assertThat(suite.api("none").get(path).status()).isEqualTo(403);
    assertThat(suite.api().get(path).status()).isIn(200, 404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/execute", "/validate", "/rollback"})
  void commandsNeedTheRoleAdmin(String path) {
    assertThat(suite.withoutToken().post(path, BODY).status()).isEqualTo(401);
    assertThat(suite.api("none").post(path, BODY).status()).isEqualTo(403);
  }

  @Test
  void losingDataNeedsTheRoleSuperAdmin() {
    Map<String, Object> body =
        Map.of("target", "no-such-target", "migration", "1", "acceptDataLoss", true);

    assertThat(suite.api().post("/rollback", body).status()).isEqualTo(403);
    assertThat(suite.api("super-admin").post("/rollback", body).status()).isEqualTo(202);
  }

  @Test
  void aCommandThatIsNoneIsRefusedAsAProblem() {
    for (String body :
        List.of("{", "{\"target\": \"UPPER\"}", "{\"target\": \"a\", \"sql\": \"\"}")) {
      Answer answer = suite.api().post("/execute", body);

      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    }
  }

  @Test
  void aRunThatIsNotThereIsNotFound() {
    Answer answer = suite.api().get("/runs/" + UUID.randomUUID());

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
  }
}
