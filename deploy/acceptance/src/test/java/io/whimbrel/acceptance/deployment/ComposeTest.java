package io.whimbrel.acceptance.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.whimbrel.local.Layout;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code deploy/compose.yaml} as far as it can be checked without a container engine. */
class ComposeTest {
  private static final Path DEPLOY = Layout.project().resolve("deploy");

  private final Map<String, Object> file = read("compose.yaml");
  private final Map<String, Object> services = Settings.map(file, "services");

  @TempDir Path directory;

  @Test
  void theWholeSuiteIsThere() {
    Set<String> names = new HashSet<>(Settings.SERVICES);
    names.addAll(List.of("postgres", "kafka", "kafka-setup", "keycloak", "prometheus", "grafana"));
    assertThat(names(services)).isEqualTo(names);
  }

  @Test
  void imagesHaveVersionsAndPartsComeBackByThemselves() {
    services.forEach(
        (name, definition) -> {
          Map<?, ?> service = (Map<?, ?>) definition;
          assertThat(Settings.pinned(String.valueOf(service.get("image"))))
              .as("%s", service.get("image"))
              .isTrue();
          assertThat(service.get("restart")).as("restart of %s", name).isNotNull();
          // The images of the services bring a check of their own; the setup ends.
          if (!service.containsKey("build")) {
            assertThat(service.get("healthcheck")).as("check of %s", name).isNotNull();
          }
          for (Object port : list(service, "ports")) {
            assertThat(port.toString()).as("port of %s", name).startsWith("127.0.0.1:");
          }
        });
  }

  @Test
  void servicesAreBuiltFromTheOneDockerfileAndMayLittle() {
    for (String name : Settings.SERVICES) {
      Map<?, ?> service = service(name);
      Map<?, ?> build = Settings.map(service, "build");
      assertThat(build.get("dockerfile")).isEqualTo("deploy/Dockerfile");
      assertThat(build.get("args")).isEqualTo(Map.of("SERVICE", name));
      assertThat(service.get("read_only")).isEqualTo(true);
      assertThat(list(service, "cap_drop")).isEqualTo(List.of("ALL"));
      assertThat(list(service, "security_opt")).isEqualTo(List.of("no-new-privileges:true"));
      assertThat(service.get("mem_limit")).as("memory of %s", name).isNotNull();
      assertThat(environment(name).get("WHIMBREL_KAFKA_USER")).isEqualTo(name);
    }
  }

  @Test
  void everySettingIsOneThatServicesKnow() {
    Set<String> known = Settings.documented();
    for (String name : Settings.SERVICES) {
      assertThat(known).as(name).containsAll(environment(name).keySet());
      assertThat(known)
          .as("secrets of %s", name)
          .containsAll(
              targets(service(name)).stream()
                  .filter(target -> target.matches("[A-Z_]+"))
                  .collect(Collectors.toSet()));
    }
  }

  @Test
  void secretsAreFilesAndNothingElse() throws Exception {
    Path script = directory.resolve("make-secrets");
    Files.copy(DEPLOY.resolve("make-secrets"), script, StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(new ProcessBuilder(script.toString()).start().waitFor()).isZero();
    Set<String> declared = names(Settings.map(file, "secrets"));
    try (Stream<Path> made = Files.list(directory.resolve("secrets"))) {
      assertThat(made.map(secret -> secret.getFileName().toString()).toList())
          .containsExactlyInAnyOrderElementsOf(declared);
    }
    assertThat(Files.readString(directory.resolve("secrets/pipeline")))
        .matches("[A-Za-z0-9_-]{32}");

    services.forEach(
        (name, definition) -> {
          assertThat(declared).as("%s", name).containsAll(sources((Map<?, ?>) definition));
          environment(name)
              .keySet()
              .forEach(
                  variable ->
                      assertThat(Settings.holdsASecret(variable))
                          .as("%s of %s", variable, name)
                          .isFalse());
        });
  }

  @Test
  void whatIsMountedIsThere() {
    services.forEach(
        (name, definition) -> {
          for (Object volume : list((Map<?, ?>) definition, "volumes")) {
            String source = volume.toString().replaceFirst(":.*", "");
            if (source.startsWith(".")) {
              assertThat(DEPLOY.resolve(source)).exists();
              assertThat(volume.toString()).as("%s", name).endsWith(":ro");
            } else {
              assertThat(names(Settings.map(file, "volumes"))).contains(source);
            }
          }
        });
  }

  @Test
  void addressesAreThoseOfThePartsThemselves() throws IOException {
    assertThat(environment("api-gateway"))
        .containsEntry("WHIMBREL_EXECUTOR_URL", "http://migration-executor:8080")
        .containsEntry("WHIMBREL_VALIDATION_URL", "http://validation-service:8080")
        .containsEntry("WHIMBREL_MONITORING_URL", "http://monitoring-service:8080");
    assertThat(environment("monitoring-service"))
        .containsEntry("MIGRATION_HEALTH_EXECUTOR_URL", "http://migration-executor:9000")
        .containsEntry("MIGRATION_HEALTH_VALIDATION_URL", "http://validation-service:9000");
    String realm =
        new JsonMapper()
            .readTree(DEPLOY.resolve("keycloak/whimbrel-realm.json").toFile())
            .path("realm")
            .asText();
    for (String name : Settings.SERVICES) {
      assertThat(environment(name))
          .containsEntry("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
          .containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
          .containsEntry("QUARKUS_OIDC_AUTH_SERVER_URL", "http://keycloak:8180/realms/" + realm);
    }
    String scraped = Files.readString(DEPLOY.resolve("compose/prometheus.yml"));
    assertThat(Settings.SERVICES)
        .allSatisfy(name -> assertThat(scraped).contains("\"" + name + ":9000\""));
  }

  @Test
  void everyPrincipalHasItsPassword() throws IOException {
    String setup = Files.readString(DEPLOY.resolve("compose/kafka-setup.sh"));
    List<?> principals = list(read("kafka/acls.yaml"), "principals");
    for (Object principal : principals) {
      String name = String.valueOf(((Map<?, ?>) principal).get("name"));
      assertThat(setup).contains(name);
      assertThat(sources(service("kafka-setup"))).contains("kafka-" + name);
      assertThat(targets(service(name))).contains("WHIMBREL_KAFKA_PASSWORD");
    }
  }

  private Map<String, Object> service(String name) {
    return Settings.map(services, name);
  }

  private Map<String, Object> environment(String service) {
    return Settings.map(service(service), "environment");
  }

  /** The names under which a service finds its secrets. */
  private static Set<String> targets(Map<?, ?> service) {
    return list(service, "secrets").stream()
        .map(secret -> String.valueOf(secret instanceof Map<?, ?> map ? map.get("target") : secret))
        .collect(Collectors.toSet());
  }

  private static Set<String> sources(Map<?, ?> service) {
    return list(service, "secrets").stream()
        .map(secret -> String.valueOf(secret instanceof Map<?, ?> map ? map.get("source") : secret))
        .collect(Collectors.toSet());
  }

  private static Set<String> names(Map<?, ?> map) {
    return map.keySet().stream().map(String::valueOf).collect(Collectors.toSet());
  }

  private static List<?> list(Map<?, ?> map, String key) {
    return map.get(key) instanceof List<?> list ? list : List.of();
  }

  private static Map<String, Object> read(String file) {
    try (Reader in = Files.newBufferedReader(DEPLOY.resolve(file))) {
      return new Yaml().load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
