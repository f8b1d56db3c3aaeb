package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.RunStateName;
import io.whimbrel.event.Topics;
import io.whimbrel.local.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service says that Kafka does not let do its work, and that it goes on once it is let. */
@Disturbing
class MissingRightsST {
  private static final String USER = "executor-on-probation";
  private static final String PASSWORD = "of-a-file";

  private final Suite suite;
  private final ServiceProcess usual;

  @TempDir static Path secrets;

  MissingRightsST(Suite suite) {
    this.suite = suite;
    this.usual = suite.stack().service("migration-executor");
  }

  @AfterAll
  void startTheUsualOne() {
    usual.start();
    usual.awaitReady();
  }

  @Test
  void whatIsMissingIsNamedUntilItIsGiven() throws IOException {
    Files.writeString(secrets.resolve("WHIMBREL_KAFKA_PASSWORD"), PASSWORD + "\n");
    usual.stop();
    ServiceProcess stranger =
        suite.stack().startSecond("migration-executor", Map.of("WHIMBREL_KAFKA_USER", "nobody"));
    Map<String, Object> administrator = suite.stack().kafka().adminSettings();
    ServiceProcess second = null;
    try (Rights rights = Rights.ofNewUser(administrator, USER, PASSWORD)) {
      rights.allow(ResourceType.TOPIC, Topics.MIGRATION_REQUESTED, AclOperation.READ);
      rights.allow(ResourceType.GROUP, "migration-executor", AclOperation.READ);
      second =
          suite
              .stack()
              .startSecond(
                  "migration-executor",
                  Map.of(
                      "WHIMBREL_KAFKA_USER",
                      USER,
                      "SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS",
                      secrets.toString()));
      awaitSaid(
          second,
          "Kafka does not let User:executor-on-probation READ on topic validation.completed, WRITE"
              + " on topic migration.progress; deploy/kafka/acls.yaml has the rights of every"
              + " service, and deploy/kafka/apply gives them");
      awaitSaid(stranger, "Kafka does not know User:nobody with this password");
      stranger.kill();

      rights.allow(ResourceType.TOPIC, Topics.VALIDATION_COMPLETED, AclOperation.READ);
      rights.allow(ResourceType.TOPIC, Topics.MIGRATION_PROGRESS, AclOperation.WRITE);
      await("the executor to be ready").atMost(Api.PATIENCE).until(second::ready);

      TestTarget target =
          suite.target().script("V1__a.sql", "create table a (id int primary key);");
      // The gateway asks the usual executor, which is away.
      Api direct = new Api(second.url(), suite.stack().token("admin"));
      Run run = direct.awaitEnd(suite.api().begin(target, Map.of()));
      assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.COMPLETED);
    } finally {
      stranger.stop();
      if (second != null) {
        second.stop();
      }
    }
  }

  /** In the answer of its probe and in its log. */
  private static void awaitSaid(ServiceProcess service, String text) {
    await("%s to say: %s".formatted(service.name(), text))
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() -> assertThat(readiness(service)).contains("\"DOWN\"").contains(text));
    assertThat(log(service)).contains(text);
  }

  private static String readiness(ServiceProcess service) throws InterruptedException {
    URI probe = URI.create(service.metricsUrl().replace("/q/metrics", "/q/health/ready"));
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(probe).version(HttpClient.Version.HTTP_1_1).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException notYetListening) {
      return "";
    }
  }

  private static String log(ServiceProcess service) {
    try {
      return Files.readString(service.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
