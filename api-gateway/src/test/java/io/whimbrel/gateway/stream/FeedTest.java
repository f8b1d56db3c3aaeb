package io.whimbrel.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedTest {
  private static final TopicPartition P0 = new TopicPartition("migration.progress", 0);
  private static final TopicPartition P1 = new TopicPartition("migration.progress", 1);
  private static final TopicPartition ALERTS = new TopicPartition("alert.raised", 0);

  private final AtomicInteger cuts = new AtomicInteger();
  private Feed feed = feed(Map.of());

  @AfterEach
  void stop() {
    feed.stop();
  }

  @Test
  void whatHappensFromNowOnReachesEveryReader() {
    publish(P0, 1, "orders");
    AssertSubscriber<Frame> one = read(null, null, 10);
    AssertSubscriber<Frame> two = read(null, "billing", 10);

    publish(P0, 2, "orders");
    publish(P1, 1, "billing");
    feed.publish(ALERTS, 7, "alert", "billing", "{\"a\":1}");

    assertThat(ids(one)).containsExactly("p0.2", "p0.2-p1.1", "p0.2-p1.1-r0.7");
    assertThat(ids(two)).containsExactly("p0.2-p1.1", "p0.2-p1.1-r0.7");
  }

  @Test
  void whatComesAgainIsLeftOut() {
    AssertSubscriber<Frame> reader = read(null, null, 10);

    publish(P0, 5, "orders");
    publish(P0, 5, "orders");
    publish(P0, 4, "orders");

    assertThat(ids(reader)).containsExactly("p0.5");
  }

  @Test
  void aReaderGoesOnBehindTheLastEventItHasOnWhateverGateway() {
    publish(P0, 1, "orders");
    publish(P1, 1, "orders");
    publish(P0, 2, "orders");
    AssertSubscriber<Frame> reader = read("p0.1-p1.1", null, 10);
    publish(P1, 2, "orders");
    assertThat(ids(reader)).containsExactly("p0.2-p1.1", "p0.2-p1.2");

    // Another gateway has read the same partitions in another order.
    feed.stop();
    feed = feed(Map.of());
    publish(P1, 1, "orders");
    publish(P1, 2, "orders");
    publish(P0, 1, "orders");
    publish(P0, 2, "orders");
    assertThat(ids(read("p0.1-p1.1", null, 10))).containsExactly("p1.2", "p0.2-p1.2");
  }

  @Test
  void aReaderThatComesBackTooLateIsToldSo() {
    feed.begins(P0, 100);
    feed.begins(P1, 0);
    publish(P0, 100, "orders");

    AssertSubscriber<Frame> late = read("p0.90", null, 10);
    assertThat(late.getItems().get(0)).isEqualTo(Frame.Notice.gap());
    assertThat(ids(late)).containsExactly("p0.100");
    assertThat(read("p0.99", null, 10).getItems()).doesNotContain(Frame.Notice.gap());
  }

  @Test
  void aReaderThatDoesNotKeepUpIsDroppedWithAReason() {
    feed.stop();
    feed = feed(Map.of("whimbrel.stream.replay-events", "4"));
    // The heartbeat at the begin, and one event.
    AssertSubscriber<Frame> slow = read(null, null, 2);
    AssertSubscriber<Frame> quick = read(null, null, 100);

    for (int offset = 1; offset <= 6; offset++) {
      publish(P0, offset, "orders");
    }
    slow.assertNotTerminated();
    assertThat(ids(slow)).containsExactly("p0.1");
    slow.request(1);

    slow.assertCompleted();
    assertThat(slow.getLastItem()).isEqualTo(Frame.Notice.dropped());
    assertThat(ids(quick)).hasSize(6);
    // With what it has it can come back, and hears that something is missing.
    assertThat(read("p0.1", null, 10).getItems()).first().isEqualTo(Frame.Notice.gap());
  }

  @Test
  void theFeedIsBoundedInCharacters() {
    feed.stop();
    feed = feed(Map.of("whimbrel.stream.replay-characters", "100"));

    for (int offset = 1; offset <= 10; offset++) {
      feed.publish(P0, offset, "progress", null, "x".repeat(40));
    }

    assertThat(ids(read("p0.8", null, 10))).containsExactly("p0.9", "p0.10");
    assertThat(read("p0.7", null, 10).getItems()).contains(Frame.Notice.gap());
  }

  @Test
  void aReaderThatTakesNotEvenHeartbeatsIsCutOff() {
    feed.stop();
    feed = feed(Map.of("whimbrel.stream.heartbeat", "10MS"));
    feed.start();
    AssertSubscriber<Frame> alive = read(null, null, Long.MAX_VALUE);
    read(null, null, 0);

    org.awaitility.Awaitility.await().untilAtomic(cuts, org.hamcrest.Matchers.is(1));
    assertThat(alive.getItems()).contains(Frame.Sign.HEARTBEAT);
    alive.assertNotTerminated();
  }

  @Test
  void thereAreNotMoreReadersThanThereMayBe() {
    feed.stop();
    feed = feed(Map.of("whimbrel.stream.max-readers", "1"));
    AssertSubscriber<Frame> only = read(null, null, 1);

    assertThatThrownBy(() -> feed.read(null, null, () -> {})).isInstanceOf(HttpProblem.class);
    only.cancel();
    read(null, null, 1).assertNotTerminated();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1", "p0", "p0.", "p0.1-", "-p0.1", "p0.1 ", "p0.-1", "P0.1"})
  void whatIsNoPositionIsRefused(String id) {
    assertThatThrownBy(() -> Position.of(id, "Last-Event-ID")).isInstanceOf(HttpProblem.class);
    assertThatThrownBy(() -> Position.of("p0.1-".repeat(2_000) + "p0.1", "Last-Event-ID"))
        .isInstanceOf(HttpProblem.class);
  }

  private AssertSubscriber<Frame> read(
      @Nullable String after, @Nullable String target, long requested) {
    return feed.read(Position.of(after, "Last-Event-ID"), target, cuts::incrementAndGet)
        .subscribe()
        .withSubscriber(AssertSubscriber.create(requested));
  }

  private void publish(TopicPartition partition, long offset, String target) {
    feed.publish(partition, offset, "progress", target, "{}");
  }

  private static List<String> ids(AssertSubscriber<Frame> reader) {
    return reader.getItems().stream()
        .map(frame -> frame instanceof Frame.Item item ? item.event().position() : null)
        .filter(Objects::nonNull)
        .toList();
  }

  private static Feed feed(Map<String, String> settings) {
    return new Feed(
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(StreamConfig.class)
            .withSources(new PropertiesConfigSource(settings, "test", 100))
            .build()
            .getConfigMapping(StreamConfig.class),
        new SimpleMeterRegistry());
  }
}
