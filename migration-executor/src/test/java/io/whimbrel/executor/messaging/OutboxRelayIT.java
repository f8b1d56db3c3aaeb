package io.whimbrel.executor.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.delivery.Outbox;
import io.whimbrel.event.Topics;
import io.whimbrel.executor.ExecutorIntegration;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@ExecutorIntegration
class OutboxRelayIT {
  private static final int TOO_LARGE = 9 * 1024 * 1024;
  private static final int LARGE = 7 * 1024 * 1024;

  @Inject Outbox outbox;
  @Inject DataSource control;
  @Inject MeterRegistry metrics;

  @Test
  void anEventTooLargeForItsTopicIsSetAsideAndThoseBehindItGoOn() {
    String before = append(10);
    String tooLarge = append(TOO_LARGE);
    String large = append(LARGE);
    String after = append(10);
    await().atMost(Duration.ofSeconds(30)).until(() -> published(after));
    assertThat(published(before)).isTrue();
    assertThat(published(large)).isTrue();
    assertThat(published(tooLarge)).isFalse();
    assertThat(refusal(tooLarge)).contains("max.request.size");
  }

  @Test
  void howLongTheOldestEventWaitsIsMeasuredWhoeverRelays() throws SQLException {
    try (Connection other = control.getConnection();
        Statement relay = other.createStatement()) {
      relay.execute("select pg_advisory_lock(%d)".formatted(0x77686d62_6f757462L));
      String waiting = append(10);
      relay.execute(
          "update outbox set created_at = now() - interval '1 hour' where key = '" + waiting + "'");
      await().atMost(Duration.ofSeconds(30)).until(() -> lag() >= 3_600);
      relay.execute("select pg_advisory_unlock_all()");
      await().atMost(Duration.ofSeconds(30)).until(() -> published(waiting));
      await().atMost(Duration.ofSeconds(30)).until(() -> lag() < 60);
    }
  }

  private double lag() {
    return metrics.get("whimbrel.outbox.lag").gauge().value();
  }

  /** To a topic that no service reads, so that it troubles no other test. */
  private String append(int bytes) {
    String key = "outbox-" + UUID.randomUUID();
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                outbox.append(
                    Topics.MIGRATION_REQUESTED + Topics.DEAD_LETTER_SUFFIX,
                    key,
                    Map.of(),
                    new byte[bytes]));
    return key;
  }

  private boolean published(String key) {
    return !"".equals(read("coalesce(published_at::text, '')", key));
  }

  private @Nullable String refusal(String key) {
    return read("refusal", key);
  }

  private @Nullable String read(String expression, String key) {
    try (Connection connection = control.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select " + expression + " from outbox where key = ?")) {
      query.setString(1, key);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
