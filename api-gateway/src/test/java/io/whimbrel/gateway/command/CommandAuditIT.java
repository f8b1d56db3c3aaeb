package io.whimbrel.gateway.command;

import static io.restassured.RestAssured.given;
import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static io.whimbrel.gateway.support.Callers.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.CommandAudited;
import io.whimbrel.event.CommandAudited.Outcome;
import io.whimbrel.event.EventType;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Records;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
@SuppressWarnings("NullAway.Init")
class CommandAuditIT {
  private static final UUID ID = UUID.randomUUID();
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject ObjectMapper mapper;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  FakeServices services;
  Records audited;

  private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

  @BeforeEach
  void listen() {
    services.reset();
    audited = new Records(kafka, EventType.COMMAND_AUDITED);
  }

  @AfterEach
  void stop() {
    audited.close();
  }

  @Test
  void whatAServiceDoesAtOnceIsToldOf() throws IOException {
    services.answer("/executor/runs/" + ID + "/cancel", 202, "application/json", "{}");
    admin().post(API + "/runs/" + ID + "/cancel").then().statusCode(202);

    CommandAudited told = awaited(1).get(0);
    assertThat(told.command()).isEqualTo("CANCEL");
    assertThat(told.outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(told.status()).isEqualTo(202);
    assertThat(told.subject()).isEqualTo(ID.toString());
    assertThat(told.runId()).isEqualTo(ID);
    assertThat(told.caller()).isEqualTo("test-user");
    ConsumerRecord<String, byte[]> record = seen.get(0);
    assertThat(record.key()).isEqualTo("-");
    assertThat(header(record, "ce_id")).isEqualTo(told.id().toString());
    assertThat(header(record, "ce_source")).isEqualTo("/whimbrel/api-gateway");
  }

  @Test
  void whatIsRefusedIsToldOfWhoeverRefusesIt() throws IOException {
    with(OidcResource.token())
        .contentType("application/json")
        .body("{\"target\": \"orders\"}")
        .post(API + "/execute")
        .then()
        .statusCode(403);
    admin().delete(API + "/cleanup").then().statusCode(403);
    services.answer("/executor/runs/" + ID + "/pause", 409, "application/problem+json", "{}");
    admin().post(API + "/runs/" + ID + "/pause").then().statusCode(409);
    admin()
        .contentType("application/json")
        .body("{\"target\": \"orders\", \"runId\": \"" + ID + "\", \"acceptDataLoss\": true}")
        .post(API + "/rollback")
        .then()
        .statusCode(403);

    assertThat(awaited(4))
        .extracting(CommandAudited::command, CommandAudited::status)
        .containsExactlyInAnyOrder(
            tuple("EXECUTE", 403L),
            tuple("CLEANUP", 403L),
            tuple("PAUSE", 409L),
            tuple("ROLLBACK", 403L));
  }

  @Test
  void whatFailsIsToldOfAsThat() throws IOException {
    services.answer("/validation/validation/specific", 500, "application/problem+json", "{}");
    admin()
        .contentType("application/json")
        .body("{}")
        .post(API + "/validation/specific")
        .then()
        .statusCode(500);
    CommandAudited told = awaited(1).get(0);
    assertThat(told.command()).isEqualTo("VALIDATE_SPECIFIC");
    assertThat(told.outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void noCommandIsWhatReadsOrCannotBeReadOrIsNobodysOrEntersItself() throws IOException {
    services.json("/executor/runs", "[]");
    services.json("/monitoring/alerts/" + ID + "/acknowledge", "{}");
    admin().get(API + "/runs").then().statusCode(200);
    admin().contentType("application/json").body("{").post(API + "/execute").then().statusCode(400);
    given()
        .contentType("application/json")
        .body("{}")
        .post(API + "/execute")
        .then()
        .statusCode(401);
    admin()
        .contentType("application/json")
        .body("{}")
        .put(API + "/alerts/" + ID + "/acknowledge")
        .then()
        .statusCode(200);
    admin()
        .contentType("application/json")
        .body("{\"target\": \"orders\"}")
        .post(API + "/execute")
        .then()
        .statusCode(202);
    services.answer("/executor/backups/" + ID + "/verify", 202, "application/json", "{}");
    admin().post(API + "/backups/" + ID + "/verify").then().statusCode(202);

    assertThat(awaited(1)).extracting(CommandAudited::command).containsExactly("VERIFY_BACKUP");
  }

  private List<CommandAudited> awaited(int count) throws IOException {
    Awaitility.await()
        .atMost(SOON)
        .until(
            () -> {
              seen.addAll(audited.seen());
              return seen.size() >= count;
            });
    List<CommandAudited> events = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : seen) {
      events.add(mapper.readValue(record.value(), CommandAudited.class));
    }
    return events;
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
