package io.whimbrel.executor.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SuperAdminGrantTest {
  /** HMAC-SHA256 of {} under shared-secret; the gateway's test has the same. */
  private static final String GRANT =
      "ed18e36df0d33bbaab9c302d57064d6f24cbe7f382b4503adcb3218ad78fa4bd";

  @Test
  void aGrantOfTheGatewayCounts() {
    assertThat(grant("shared-secret").in(record("{}", GRANT))).isTrue();
  }

  @Test
  void aGrantForAnotherPayloadCountsForNothing() {
    assertThat(grant("shared-secret").in(record("{ }", GRANT))).isFalse();
  }

  @Test
  void aGrantUnderAnotherSecretCountsForNothing() {
    assertThat(grant("another-secret").in(record("{}", GRANT))).isFalse();
  }

  @Test
  void aWordInsteadOfAGrantCountsForNothing() {
    assertThat(grant("shared-secret").in(record("{}", "true"))).isFalse();
  }

  @Test
  void withoutASecretNothingCounts() {
    assertThat(grant(null).in(record("{}", GRANT))).isFalse();
  }

  @Test
  void withoutAHeaderNothingIsGranted() {
    assertThat(grant("shared-secret").in(record("{}", null))).isFalse();
  }

  private static SuperAdminGrant grant(@Nullable String secret) {
    return new SuperAdminGrant(() -> Optional.ofNullable(secret));
  }

  private static ConsumerRecord<String, byte[]> record(String payload, @Nullable String grant) {
    ConsumerRecord<String, byte[]> record =
        new ConsumerRecord<>(Topics.MIGRATION_REQUESTED, 0, 0, "orders", payload.getBytes(UTF_8));
    if (grant != null) {
      record.headers().add(SuperAdminGrant.HEADER, grant.getBytes(UTF_8));
    }
    return record;
  }
}
