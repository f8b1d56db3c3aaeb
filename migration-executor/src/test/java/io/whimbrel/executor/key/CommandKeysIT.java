package io.whimbrel.executor.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.key.KeyClaim.Outcome;
import io.whimbrel.local.test.OidcResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ExecutorIntegration
class CommandKeysIT {
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final String COMMAND = "a".repeat(64);
  private static final String OTHER = "b".repeat(64);

  private final String key = "key-" + UUID.randomUUID();
  private final UUID run = UUID.randomUUID();

  @Inject CommandKeys keys;
  @Inject DataSource control;

  @TestHTTPResource("/api/v1/migrations/")
  @SuppressWarnings("NullAway.Init")
  URI keysOfCallers;

  @Test
  void aKeyNamesOneRunFromItsClaimOn() {
    assertThat(claim(COMMAND)).isEqualTo(new KeyClaim(Outcome.CLAIMED, run));
    assertThat(claim(COMMAND)).isEqualTo(new KeyClaim(Outcome.IN_PROGRESS, run));
    keys.settle("kim", key, run, true);
    assertThat(claim(COMMAND)).isEqualTo(new KeyClaim(Outcome.ACCEPTED, run));
  }

  @Test
  void anotherCommandCannotHaveTheKeyAtAnyTime() {
    claim(COMMAND);
    assertThat(claim(OTHER).outcome()).isEqualTo(Outcome.OTHER_COMMAND);
    keys.settle("kim", key, run, false);
    assertThat(claim(OTHER).outcome()).isEqualTo(Outcome.OTHER_COMMAND);
    claim(COMMAND);
    keys.settle("kim", key, run, true);
    assertThat(claim(OTHER).outcome()).isEqualTo(Outcome.OTHER_COMMAND);
  }

  @Test
  void aRequestThatKafkaDidNotTakeIsTriedAgainAsTheSameRun() {
    claim(COMMAND);
    keys.settle("kim", key, run, false);

    assertThat(claim(COMMAND)).isEqualTo(new KeyClaim(Outcome.CLAIMED, run));
  }

  @Test
  void theClaimOfOneWhoDiedLapses() {
    claim(COMMAND);
    update("update command_key set claimed_until = now() - interval '1 ms' where key = :key");

    assertThat(claim(COMMAND)).isEqualTo(new KeyClaim(Outcome.CLAIMED, run));
    assertThat(claim(COMMAND)).isEqualTo(new KeyClaim(Outcome.IN_PROGRESS, run));
  }

  @Test
  void aLateWordOfAnEarlierClaimantTakesNothingBack() {
    claim(COMMAND);
    keys.settle("kim", key, run, true);
    keys.settle("kim", key, run, false);
    keys.settle("kim", key, UUID.randomUUID(), false);

    assertThat(claim(COMMAND).outcome()).isEqualTo(Outcome.ACCEPTED);
  }

  @Test
  void everyCallerHasKeysOfTheirOwn() {
    claim(COMMAND);

    UUID other = UUID.randomUUID();
    assertThat(keys.claim("robin", key, OTHER, other, LEASE))
        .isEqualTo(new KeyClaim(Outcome.CLAIMED, other));
  }

  @Test
  void afterSevenDaysAKeyIsFree() {
    claim(COMMAND);
    keys.settle("kim", key, run, true);
    int hours =
        Jdbi.create(control)
            .withHandle(
                handle ->
                    handle
                        .createQuery(
                            "select round(extract(epoch from expires_at - now()) / 3600)"
                                + " from command_key where key = :key")
                        .bind("key", key)
                        .mapTo(Integer.class)
                        .one());
    assertThat(hours).isEqualTo(7 * 24);
    update("update command_key set expires_at = now() where key = :key");

    UUID next = UUID.randomUUID();
    assertThat(keys.claim("kim", key, OTHER, next, LEASE))
        .isEqualTo(new KeyClaim(Outcome.CLAIMED, next));
  }

  @Test
  void ofManyAtOnceOneHasTheKey() throws Exception {
    List<Callable<KeyClaim>> claimants = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String command = i % 4 == 0 ? OTHER : COMMAND;
      claimants.add(() -> keys.claim("kim", key, command, UUID.randomUUID(), LEASE));
    }
    ExecutorService threads = Executors.newFixedThreadPool(10);
    List<KeyClaim> claims = new ArrayList<>();
    try {
      for (Future<KeyClaim> claim : threads.invokeAll(claimants)) {
        claims.add(claim.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(claims).extracting(KeyClaim::runId).containsOnly(claims.get(0).runId());
    assertThat(claims).extracting(KeyClaim::outcome).containsOnlyOnce(Outcome.CLAIMED);
    assertThat(claims)
        .extracting(KeyClaim::outcome)
        .contains(Outcome.IN_PROGRESS, Outcome.OTHER_COMMAND)
        .doesNotContain(Outcome.ACCEPTED);
  }

  @Test
  void theGatewayClaimsAndSettlesForTheCallerOfTheToken() throws Exception {
    String wanted =
        "{\"key\":\"%s\",\"fingerprint\":\"%s\",\"runId\":\"%s\",\"leaseMs\":10000}"
            .formatted(key, COMMAND, run);

    HttpResponse<String> claimed = post("admin", "claim", wanted);
    assertThat(claimed.statusCode()).isEqualTo(200);
    assertThat(claimed.body()).contains("\"CLAIMED\"", run.toString());
    assertThat(
            post(
                    "admin",
                    "settle",
                    "{\"key\":\"%s\",\"runId\":\"%s\",\"accepted\":true}".formatted(key, run))
                .statusCode())
        .isEqualTo(204);
    assertThat(post("admin", "claim", wanted).body()).contains("\"ACCEPTED\"");

    assertThat(post("user", "claim", wanted).statusCode()).isEqualTo(403);
    assertThat(post("admin", "claim", wanted.replace("key-", "two words ")).statusCode())
        .isEqualTo(400);
    assertThat(post("admin", "claim", "{}").statusCode()).isEqualTo(400);
    assertThat(post("admin", "settle", "{\"key\":\"k\"}").statusCode()).isEqualTo(400);
  }

  private HttpResponse<String> post(String role, String what, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(keysOfCallers.resolve("keys/" + what))
                .header("Authorization", "Bearer " + OidcResource.token(role))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private KeyClaim claim(String command) {
    return keys.claim("kim", key, command, run, LEASE);
  }

  private void update(String sql) {
    Jdbi.create(control).useHandle(handle -> handle.createUpdate(sql).bind("key", key).execute());
  }
}
