package io.whimbrel.gateway.stream;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static io.whimbrel.gateway.support.FakeServices.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.EventType;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.Operation;
import io.whimbrel.event.RunStateName;
import io.whimbrel.gateway.support.EventStream;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class StreamIT {
  private final UUID run = UUID.randomUUID();

  /** What the executor has published of the run, and shows. */
  private final List<MigrationProgress> shown = new CopyOnWriteArrayList<>();

  @Inject ObjectMapper mapper;
  @Inject LiveEvents live;

  @TestHTTPResource(API)
  @SuppressWarnings("NullAway.Init")
  URI api;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @SuppressWarnings("NullAway.Init")
  KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void start() {
    services.reset();
    services.on(
        "/executor/runs/" + run + "/events",
        exchange -> {
          long after = Long.parseLong(exchange.getRequestURI().getQuery().replace("after=", ""));
          reply(
              exchange,
              200,
              shown.stream()
                  .filter(event -> event.sequence() > after)
                  .map(this::json)
                  .collect(Collectors.joining(",", "[", "]")));
        });
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    producer.close();
    await().atMost(Duration.ofSeconds(20)).until(() -> live.readers() == 0);
  }

  @Test
  void whatWentBeforeComesFirstAndThenWhatHappens() throws Exception {
    shown.add(event(1, RunStateName.REQUESTED));
    shown.add(event(2, RunStateName.PLANNED));

    try (EventStream stream = open(null)) {
      stream.awaitEvents(2);
      happens(event(3, RunStateName.APPLYING));
      happens(event(4, RunStateName.APPLYING));
      stream.awaitEvents(4);
      happens(event(5, RunStateName.COMPLETED));
      stream.awaitEnd();

      assertThat(stream.ids()).containsExactly("1", "2", "3", "4", "5");
      assertThat(stream.names()).containsExactly("state", "state", "state", "progress", "state");
      assertThat(mapper.readValue(stream.data(3), MigrationProgress.class))
          .isEqualTo(event(4, RunStateName.APPLYING));
    }
  }

  @Test
  void whoComesBackGoesOnWhereTheStreamBroke() throws Exception {
    shown.add(event(1, RunStateName.REQUESTED));
    shown.add(event(2, RunStateName.APPLYING));
    shown.add(event(3, RunStateName.APPLYING));
    shown.add(event(4, RunStateName.FAILED));

    try (EventStream stream = open("2")) {
      stream.awaitEnd();

      assertThat(stream.ids()).containsExactly("3", "4");
      assertThat(stream.names()).containsExactly("progress", "state");
    }
  }

  @Test
  void repeatedAndLostEventsLeaveNoTrace() throws Exception {
    shown.add(event(1, RunStateName.REQUESTED));

    try (EventStream stream = open(null)) {
      stream.awaitEvents(1);
      happens(event(1, RunStateName.REQUESTED));
      happens(event(2, RunStateName.PLANNED));
      happens(event(2, RunStateName.PLANNED));
      // Kafka never brings 3; the executor has it.
      shown.add(event(3, RunStateName.APPLYING));
      happens(event(4, RunStateName.COMPLETED));
      stream.awaitEnd();

      assertThat(stream.ids()).containsExactly("1", "2", "3", "4");
    }
  }

  @Test
  void anEndThatKafkaDoesNotBringIsFoundByAsking() throws Exception {
    shown.add(event(1, RunStateName.REQUESTED));

    try (EventStream stream = open(null)) {
      stream.awaitEvents(1);
      shown.add(event(2, RunStateName.CANCELLED));
      stream.awaitEnd();

      assertThat(stream.ids()).containsExactly("1", "2");
    }
  }

  @Test
  void recordsThatAreNoProgressAreSkipped() throws Exception {
    shown.add(event(1, RunStateName.REQUESTED));

    try (EventStream stream = open(null)) {
      stream.awaitEvents(1);
      send("not json", EventType.MIGRATION_PROGRESS.cloudEventType());
      send("{}", EventType.MIGRATION_PROGRESS.cloudEventType());
      send(json(event(2, RunStateName.FAILED)), "another.type");
      happens(event(2, RunStateName.COMPLETED));
      stream.awaitEnd();

      assertThat(stream.data(1)).contains("COMPLETED");
    }
  }

  @Test
  void aQuietStreamShowsThatItIsAlive() throws Exception {
    shown.add(event(1, RunStateName.APPLYING));

    try (EventStream stream = open(null)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> stream.comments() >= 2);
      assertThat(stream.ids()).containsExactly("1");
    }
  }

  @Test
  void aRunThatWasOnlyJustRequestedIsWaitedFor() throws Exception {
    Instant known = Instant.now().plusMillis(700);
    services.on(
        "/executor/runs/" + run + "/events",
        exchange -> {
          boolean there = Instant.now().isAfter(known);
          reply(
              exchange,
              there ? 200 : 404,
              there ? "[" + json(event(1, RunStateName.REJECTED)) + "]" : "");
        });

    try (EventStream stream = open(null)) {
      stream.awaitEnd();

      assertThat(stream.ids()).containsExactly("1");
    }
  }

  @Test
  void aRunThatNobodyKnowsIsNotFound() {
    admin()
        .get(API + "/runs/" + UUID.randomUUID() + "/events")
        .then()
        .statusCode(404)
        .contentType("application/problem+json");
  }

  @Test
  void withoutTheExecutorThereIsNoStream() {
    services.on("/executor/runs/" + run + "/events", exchange -> exchange.close());

    admin()
        .get(API + "/runs/" + run + "/events")
        .then()
        .statusCode(503)
        .contentType("application/problem+json")
        .header("Retry-After", "5");
  }

  @Test
  void aStreamEndsWithTheTokenOfItsReader() throws Exception {
    shown.add(event(1, RunStateName.APPLYING));

    try (EventStream stream = open(null)) {
      stream.awaitEvents(1);
      services.answer("/executor/runs/" + run + "/events", 401, "application/problem+json", "{}");
      stream.awaitEnd();
    }
  }

  @Test
  void aMalformedLastEventIdIsRefused() {
    for (String id : List.of("x", "-1", "1.5", "99999999999999999999")) {
      admin()
          .header("Last-Event-ID", id)
          .get(API + "/runs/" + run + "/events")
          .then()
          .statusCode(400)
          .contentType("application/problem+json");
    }
  }

  private EventStream open(@Nullable String lastEventId) {
    return EventStream.open(
        URI.create(api + "/runs/" + run + "/events"), OidcResource.token("admin"), lastEventId);
  }

  /** The executor shows it and Kafka brings it. */
  private void happens(MigrationProgress event) throws Exception {
    if (shown.stream().noneMatch(known -> known.sequence() == event.sequence())) {
      shown.add(event);
    }
    send(json(event), EventType.MIGRATION_PROGRESS.cloudEventType());
  }

  private void send(String json, String type) throws Exception {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(EventType.MIGRATION_PROGRESS.topic(), "orders", json.getBytes(UTF_8));
    record.headers().add("ce_type", type.getBytes(UTF_8));
    producer.send(record).get();
  }

  private String json(MigrationProgress event) {
    try {
      return mapper.writeValueAsString(event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private MigrationProgress event(long sequence, RunStateName state) {
    return new MigrationProgress(
        run,
        sequence,
        state,
        Operation.EXECUTE,
        "orders",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Instant.EPOCH.plusSeconds(sequence));
  }
}
