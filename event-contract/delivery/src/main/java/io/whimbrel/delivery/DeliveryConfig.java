package io.whimbrel.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How events are carried between the service's database and Kafka. */
@ConfigMapping(prefix = "whimbrel.delivery")
public interface DeliveryConfig {

  /** How often the outbox is looked at when nothing in this process has written to it. */
  @WithDefault("250ms")
  Duration pollInterval();

  /** The most events published in one go. */
  @WithDefault("500")
  int batchSize();

  /** The largest event that is published, in bytes; no more than the topics' max.message.bytes. */
  @WithDefault("8388608")
  int maxEventBytes();

  /** How long published events stay in the outbox, for people to look at. */
  @WithDefault("1d")
  Duration outboxRetention();

  /** How long events are known as received; longer than the retention of any topic. */
  @WithDefault("30d")
  Duration inboxRetention();
}
