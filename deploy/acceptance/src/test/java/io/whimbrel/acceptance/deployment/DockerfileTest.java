package io.whimbrel.acceptance.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.whimbrel.acceptance.deployment.Dockerfile.Instruction;
import io.whimbrel.acceptance.deployment.Dockerfile.Stage;
import io.whimbrel.local.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code deploy/Dockerfile}, read, and built where a container engine answers. */
class DockerfileTest {
  private static final Path FILE = Layout.project().resolve("deploy/Dockerfile");
  private static final Set<String> KEYWORDS =
      Set.of(
          "ARG",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "HEALTHCHECK",
          "LABEL",
          "RUN",
          "USER",
          "WORKDIR");

  private final Dockerfile file = Dockerfile.read(FILE);
  private final Stage service = file.stage("service");

  @Test
  void stagesAreNamedAndStandOnVersionsOrEarlierStages() {
    Set<String> before = new HashSet<>();
    for (Stage stage : file.stages()) {
      assertThat(stage.name()).isNotEmpty();
      assertThat(before.contains(stage.from()) || Settings.pinned(stage.from()))
          .as(stage.from())
          .isTrue();
      assertThat(stage.instructions()).extracting(Instruction::keyword).isSubsetOf(KEYWORDS);
      for (String copy : stage.arguments("COPY")) {
        if (copy.startsWith("--from=")) {
          assertThat(before).contains(copy.replaceFirst("--from=(\\S+).*", "$1"));
        }
      }
      before.add(stage.name());
    }
    assertThat(file.stages().get(file.stages().size() - 1)).isEqualTo(service);
  }

  @Test
  void nothingRunsAsRootOrInAShell() {
    assertThat(file.stage("java").only("USER")).isEqualTo("10001:10001");
    for (String name : List.of("service", "kafka-setup")) {
      Stage stage = file.stage(name);
      assertThat(stage.from()).isEqualTo("java");
      assertThat(stage.arguments("USER")).isEmpty();
      assertThat(stage.only("ENTRYPOINT")).startsWith("[\"java\"");
    }
  }

  @Test
  void settingsAreKnownAndNoneIsSecret() {
    Set<String> names =
        Arrays.stream(service.only("ENV").split("\\s+(?=[A-Z_]+=)", -1))
            .map(entry -> entry.replaceFirst("=.*", ""))
            .collect(Collectors.toSet());
    Set<String> known = new HashSet<>(Settings.documented());
    known.add("JDK_JAVA_OPTIONS");
    assertThat(known).containsAll(names);
    assertThat(names).noneMatch(Settings::holdsASecret);
    assertThat(service.only("ENV")).contains("-XX:MaxRAMPercentage=");
    assertThat(service.only("EXPOSE")).isEqualTo("8080 9000");
  }

  @Test
  void whatIsCopiedIsWhatTheBuildMakes() {
    Path application = Layout.project().resolve("api-gateway/target/quarkus-app");
    if (Files.exists(application)) {
      for (String part : List.of("lib", "quarkus", "app", "quarkus-run.jar")) {
        assertThat(application.resolve(part)).exists();
        assertThat(String.join("\n", service.arguments("COPY")))
            .contains("/src/${SERVICE}/target/quarkus-app/" + part);
      }
    }
    String ignored = read(Layout.project().resolve(".dockerignore"));
    assertThat(ignored.lines()).contains("**/target", ".git", "deploy/secrets");
  }

  @Test
  void theHealthCheckTellsAliveFromDead() throws Exception {
    assertThat(health(200)).isZero();
    assertThat(health(503)).isNotZero();
    assertThat(check(1)).isNotZero();
  }

  @Test
  @Timeout(900)
  void anImageIsBuiltWhereAContainerEngineAnswers() throws Exception {
    assumeTrue(run("docker", "info") == 0, "no container engine answers");
    assertThat(
            run(
                "docker",
                "build",
                "-f",
                FILE.toString(),
                "--build-arg",
                "SERVICE=api-gateway",
                Layout.project().toString()))
        .isZero();
  }

  /** The exit status of the check against a service that answers so. */
  private int health(int status) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext(
        "/q/health/live",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      return check(server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }

  private int check(int port) throws Exception {
    String command = service.only("HEALTHCHECK").replaceFirst(".*?CMD ", "");
    String[] words = new JsonMapper().readValue(command, String[].class);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(port));
    return builder.redirectErrorStream(true).start().waitFor();
  }

  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException notInstalled) {
      return -1;
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
