package io.whimbrel.gateway.command;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka producer, used directly: a record it gives up on has left its buffers, so a caller that
 * was told 503 does not find the run hours later because a queue in between kept it. What remains
 * unknown is only a record whose acknowledgement was lost.
 */
@ApplicationScoped
class RequestProducer {
  private final Map<String, Object> broker;
  private final CommandConfig config;
  private @Nullable Producer<String, byte[]> producer;

  RequestProducer(
      @Identifier("default-kafka-broker") Map<String, Object> broker, CommandConfig config) {
    this.broker = broker;
    this.config = config;
  }

  /** Blocks for at most the connect timeout, then completes within the acknowledge timeout. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback says the same
  Uni<Void> send(ProducerRecord<String, byte[]> record) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              try {
                producer()
                    .send(
                        record,
                        (sent, failure) -> {
                          if (failure == null) {
                            emitter.complete(null);
                          } else {
                            emitter.fail(failure);
                          }
                        });
              } catch (KafkaException unreachable) {
                emitter.fail(unreachable);
              }
            });
  }

  /** Made at the first use, since a broker whose name does not resolve yet is no reason to fail. */
  private synchronized Producer<String, byte[]> producer() {
    if (producer == null) {
      producer = new KafkaProducer<>(settings(), new StringSerializer(), new ByteArraySerializer());
    }
    return producer;
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(broker);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "api-gateway");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, config.connectTimeout().toMillis());
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis(config.acknowledgeTimeout()));
    settings.put(
        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(config.acknowledgeTimeout().dividedBy(2)));
    return settings;
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  @PreDestroy
  synchronized void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(1));
    }
  }
}
