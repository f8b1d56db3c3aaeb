package io.whimbrel.gateway.stream;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Where an instance begins to read: some minutes back, so that readers of one that has just started
 * can go on, or where it was before its consumer was interrupted.
 */
@ApplicationScoped
@Identifier("replay")
class Replay implements KafkaConsumerRebalanceListener {
  private final Feed feed;
  private final StreamConfig config;
  private final Clock clock = Clock.systemUTC();

  Replay(Feed feed, StreamConfig config) {
    this.feed = feed;
    this.config = config;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    Map<TopicPartition, Long> times = new HashMap<>();
    long since = clock.instant().minus(config.replay()).toEpochMilli();
    partitions.forEach(partition -> times.put(partition, since));
    Map<TopicPartition, OffsetAndTimestamp> then = consumer.offsetsForTimes(times);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (TopicPartition partition : partitions) {
      Long known = feed.nextOffset(partition);
      OffsetAndTimestamp early = then.get(partition);
      long offset = known != null ? known : early != null ? early.offset() : ends.get(partition);
      if (known == null) {
        feed.begins(partition, offset);
      }
      consumer.seek(partition, offset);
    }
  }
}
