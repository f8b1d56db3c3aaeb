package io.whimbrel.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.RunStateName;
import io.whimbrel.local.Keycloak;
import io.whimbrel.local.LocalStack;
import io.whimbrel.local.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The services with a real Keycloak and the realm of {@code deploy/keycloak}. */
@Disturbing
class KeycloakST {
  private static final String VERIFIER = "a-verifier-of-the-forty-three-characters-at-least";

  private final Suite suite;
  private final Keycloak keycloak;
  private final Realm realm;
  private final List<ServiceProcess> services = new ArrayList<>();

  KeycloakST(Suite suite) throws IOException {
    this.suite = suite;
    Path logs = Files.createDirectories(Path.of("target", "stack-logs"));
    this.keycloak = Keycloak.start(distribution(), logs.resolve("keycloak.log").toAbsolutePath());
    this.realm = new Realm(keycloak);
  }

  /** One more instance of every service, while Keycloak starts. */
  @BeforeAll
  void start() {
    LocalStack stack = suite.stack();
    // They ask for the keys of the issuer while they start.
    Map<String, String> issuer =
        Map.of(
            "QUARKUS_OIDC_AUTH_SERVER_URL",
            keycloak.issuer(),
            "QUARKUS_OIDC_CONNECTION_DELAY",
            "180S");
    ServiceProcess executor = stack.startSecond("migration-executor", issuer);
    ServiceProcess validation = stack.startSecond("validation-service", issuer);
    ServiceProcess monitoring = stack.startSecond("monitoring-service", issuer);
    Map<String, String> gateway =
        Map.of(
            "QUARKUS_OIDC_AUTH_SERVER_URL", keycloak.issuer(),
            "QUARKUS_OIDC_CONNECTION_DELAY", "180S",
            "WHIMBREL_EXECUTOR_URL", executor.url(),
            "WHIMBREL_VALIDATION_URL", validation.url(),
            "WHIMBREL_MONITORING_URL", monitoring.url());
    services.add(stack.startSecond("api-gateway", gateway));
    services.addAll(List.of(executor, validation, monitoring));
    keycloak.awaitReady();
    services.forEach(ServiceProcess::awaitReady);
  }

  @AfterAll
  void stop() {
    services.forEach(ServiceProcess::stop);
    keycloak.close();
  }

  @Test
  void aPipelineAsksForARunWithItsSecret() {
    Api api = api(pipelineToken());
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");

    Run run = api.execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    assertThat(run.json().path("requestedBy").asText()).contains("release-pipeline");
    assertThat(List.of("/status", "/catalog?target=demo", "/validation/rules", "/alerts"))
        .allSatisfy(path -> assertThat(api.get(path).status()).as(path).isEqualTo(200));
  }

  @Test
  void aPersonLogsInByCodeAndItsTokenIsTaken() {
    realm.addUser("ada", List.of("/migration-admins"));

    Answer tokens = redeem(code("ada"), VERIFIER);

    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    assertThat(api(access(tokens)).get("/status").status()).isEqualTo(200);
    String identity = tokens.json().path("id_token").asText();
    assertThat(api(identity).get("/status").status()).as("with the ID token").isEqualTo(401);
  }

  @Test
  void aCodeIsWorthNothingWithoutItsVerifier() {
    realm.addUser("eve", List.of("/migration-admins"));

    Answer stolen = redeem(code("eve"), "another-verifier-of-forty-three-characters-or-so");
    HttpResponse<String> without = realm.authorize(Map.of());

    assertThat(stolen.status()).isEqualTo(400);
    assertThat(stolen.body()).contains("invalid_grant");
    assertThat(without.headers().firstValue("Location").orElse(""))
        .contains("error=invalid_request")
        .contains("code_challenge_method");
  }

  @Test
  void groupsGiveTheRoles() {
    realm.addUser("guest", List.of());
    realm.addUser("chief", List.of("/migration-super-admins"));
    Map<String, Object> lossy =
        Map.of("target", "no-such-target", "migration", "1", "acceptDataLoss", true);

    Api guest = api(access(redeem(code("guest"), VERIFIER)));
    Api chief = api(access(redeem(code("chief"), VERIFIER)));

    assertThat(guest.get("/status").status()).isEqualTo(403);
    assertThat(chief.get("/status").status()).isEqualTo(200);
    assertThat(chief.post("/rollback", lossy).status()).isEqualTo(202);
    assertThat(api(pipelineToken()).post("/rollback", lossy).status()).isEqualTo(403);
  }

  @Test
  void aTokenForAnotherAudienceIsRefused() {
    realm.admin(
        "/clients",
        Map.of(
            "clientId",
            "another-application",
            "secret",
            "known",
            "serviceAccountsEnabled",
            true,
            "standardFlowEnabled",
            false));

    String token = realm.clientToken("another-application", "known");

    assertThat(Realm.claims(token).path("aud").toString()).doesNotContain("whimbrel");
    assertThat(Realm.claims(pipelineToken()).path("aud").asText()).isEqualTo("whimbrel");
    assertThat(api(token).get("/status").status()).isEqualTo(401);
  }

  @Test
  void aNewKeyIsKnownAtOnceAndTheOldOneStays() {
    String before = pipelineToken();
    assertThat(api(before).get("/status").status()).isEqualTo(200);

    realm.admin(
        "/components",
        Map.of(
            "name",
            "rotated-" + UUID.randomUUID(),
            "providerId",
            "rsa-generated",
            "providerType",
            "org.keycloak.keys.KeyProvider",
            "config",
            Map.of(
                "priority", List.of("200"),
                "active", List.of("true"),
                "enabled", List.of("true"),
                "algorithm", List.of("RS256"))));

    String after = pipelineToken();
    assertThat(Realm.keyId(after)).isNotEqualTo(Realm.keyId(before));
    for (String path : List.of("/status", "/validation/rules", "/alerts")) {
      assertThat(api(after).get(path).status()).as(path).isEqualTo(200);
      assertThat(api(before).get(path).status()).as(path).isEqualTo(200);
    }
  }

  private Api api(String token) {
    return new Api(services.get(0).url(), token);
  }

  private String pipelineToken() {
    return realm.clientToken("release-pipeline", keycloak.pipelineSecret());
  }

  private String code(String user) {
    HttpResponse<String> page =
        realm.authorize(
            Map.of("code_challenge", challenge(VERIFIER), "code_challenge_method", "S256"));
    return realm.logIn(page, user, user);
  }

  private Answer redeem(String code, String verifier) {
    return realm.token(
        Map.of(
            "grant_type",
            "authorization_code",
            "client_id",
            "whimbrel-console",
            "redirect_uri",
            Realm.CALLBACK,
            "code",
            code,
            "code_verifier",
            verifier));
  }

  private static String access(Answer tokens) {
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    return tokens.json().path("access_token").asText();
  }

  private static String challenge(String verifier) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path distribution() {
    Path unpacked = Path.of("target", "keycloak").toAbsolutePath();
    try (Stream<Path> found = Files.list(unpacked)) {
      return found
          .filter(path -> Files.isRegularFile(path.resolve("bin/kc.sh")))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("No Keycloak in " + unpacked));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
