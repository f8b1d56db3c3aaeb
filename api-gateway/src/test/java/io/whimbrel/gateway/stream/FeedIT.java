package io.whimbrel.gateway.stream;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.EventType;
import io.whimbrel.gateway.support.EventStream;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.ManyReaders;
import io.whimbrel.local.OidcProvider;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All events as a stream. What it holds and whom it drops is in {@link FeedTest}. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class FeedIT {
  private static final int MANY = 1_000;
  private static final int MOST_BYTES_OF_A_READER = 128 * 1024;

  private final String target = "feed-" + UUID.randomUUID().toString().substring(0, 8);

  @TestHTTPResource(API)
  @SuppressWarnings("NullAway.Init")
  URI api;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @SuppressWarnings("NullAway.Init")
  KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void start() {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    producer.close();
  }

  @Test
  void runsAndAlertsOfATargetAsTheyHappenAndFromWhereAReaderWas() throws Exception {
    String last;
    try (EventStream stream = open(null)) {
      progress(1);
      alert("a");
      other();
      stream.awaitEvents(2);

      assertThat(stream.names()).containsExactlyInAnyOrder("progress", "alert");
      last = stream.ids().get(1);
    }
    progress(2);
    alert("b");

    try (EventStream stream = open(last)) {
      stream.awaitEvents(2);
      progress(3);
      stream.awaitEvents(3);

      assertThat(stream.names()).containsExactlyInAnyOrder("progress", "alert", "progress");
      assertThat(List.of(stream.data(0), stream.data(1), stream.data(2)))
          .noneMatch(data -> data.contains("\"sequence\":1,") || data.contains("\"title\":\"a\""))
          .anyMatch(data -> data.contains("\"sequence\":3,"));
    }
  }

  @Test
  void aQuietStreamShowsThatItIsAlive() {
    try (EventStream stream = open(null)) {
      await().atMost(Duration.ofSeconds(20)).until(() -> stream.comments() >= 2);
    }
  }

  @Test
  void aStreamEndsWithTheTokenOfItsReader() {
    String token =
        OidcProvider.sharedTokens()
            .token("test-user", List.of("admin"), Duration.ofSeconds(3), Map.of());

    try (EventStream stream = EventStream.open(events(), token, null)) {
      stream.awaitEnd();
    }
  }

  @Test
  void whatIsNoPositionOrNoTargetIsRefused() {
    admin()
        .header("Last-Event-ID", "x")
        .get(API + "/events")
        .then()
        .statusCode(400)
        .body("field", equalTo("Last-Event-ID"));
    admin().get(API + "/events?target=A%20B").then().statusCode(400);
  }

  @Test
  void aThousandReadersAtOnceGetEveryEventInLittleMemory() throws Exception {
    long before = used();
    try (ManyReaders readers = new ManyReaders(MANY, events(), OidcResource.token("admin"))) {
      assertThat(readers.await("HTTP/1.1 200", Duration.ofSeconds(30))).isEqualTo(MANY);
      for (int sequence = 1; sequence <= 20; sequence++) {
        progress(sequence);
      }
      String last = UUID.randomUUID().toString();
      alert(last);

      assertThat(readers.await(last, Duration.ofSeconds(30))).isEqualTo(MANY);
      // Readers of this test included, which are in the same process.
      assertThat(used() - before).isLessThan((long) MANY * MOST_BYTES_OF_A_READER);
    }
  }

  private static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private EventStream open(@Nullable String lastEventId) {
    return EventStream.open(
        URI.create(events() + "?target=" + target), OidcResource.token("admin"), lastEventId);
  }

  private URI events() {
    return URI.create(api + "/events");
  }

  private void progress(int sequence) throws Exception {
    send(
        EventType.MIGRATION_PROGRESS,
        target,
        """
        {"runId":"%s","sequence":%d,"state":"APPLYING","target":"%s"}
        """
            .formatted(UUID.randomUUID(), sequence, target));
  }

  private void other() throws Exception {
    send(
        EventType.MIGRATION_PROGRESS,
        "other",
        "{\"runId\":\"%s\",\"sequence\":1,\"state\":\"APPLYING\",\"target\":\"other\"}"
            .formatted(UUID.randomUUID()));
  }

  private void alert(String title) throws Exception {
    send(
        EventType.ALERT_RAISED,
        target,
        "{\"title\":\"%s\",\"target\":\"%s\"}".formatted(title, target));
  }

  private void send(EventType type, String key, String json) throws Exception {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(type.topic(), key, json.getBytes(UTF_8));
    record.headers().add("ce_type", type.cloudEventType().getBytes(UTF_8));
    producer.send(record).get();
  }
}
