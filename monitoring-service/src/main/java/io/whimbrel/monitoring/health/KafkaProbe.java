package io.whimbrel.monitoring.health;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks Kafka for its nodes and for the consumer groups of the services, over one connection. */
@ApplicationScoped
public class KafkaProbe {
  private static final List<String> SERVICES =
      List.of("migration-executor", "monitoring-service", "validation-service");

  private final Map<String, Object> settings;
  private volatile View latest = new View(Map.of(), Map.of());
  private @Nullable Admin admin;

  KafkaProbe(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.settings = new HashMap<>(kafka);
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "monitoring-health");
    settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
  }

  /**
   * What Kafka tells of the services.
   *
   * @param members how many take the records of a service
   * @param lag records that a service has yet to take; of one that never took any, nothing
   */
  public record View(Map<String, Integer> members, Map<String, Long> lag) {}

  /** What was seen last. */
  public View view() {
    return latest;
  }

  /** Looks; empty if Kafka does not answer in time. */
  synchronized Optional<View> look(Duration timeout) {
    try {
      long millis = timeout.toMillis();
      if (admin().describeCluster().nodes().get(millis, TimeUnit.MILLISECONDS).isEmpty()) {
        return Optional.empty();
      }
      View view = new View(members(millis), lag(millis));
      latest = view;
      return Optional.of(view);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Map<String, Integer> members(long millis) throws InterruptedException, TimeoutException {
    Map<String, Integer> members = new TreeMap<>();
    var groups = admin().describeConsumerGroups(SERVICES).describedGroups();
    for (String group : SERVICES) {
      members.put(group, members(groups.get(group), millis));
    }
    return members;
  }

  /** A group that does not exist has no members; Kafka says so by failing. */
  private static int members(@Nullable KafkaFuture<ConsumerGroupDescription> group, long millis)
      throws InterruptedException, TimeoutException {
    try {
      return group == null ? 0 : group.get(millis, TimeUnit.MILLISECONDS).members().size();
    } catch (ExecutionException e) {
      return 0;
    }
  }

  private Map<String, Long> lag(long millis)
      throws InterruptedException, TimeoutException, ExecutionException {
    Map<String, Long> lag = new TreeMap<>();
    for (String group : SERVICES) {
      Map<TopicPartition, OffsetAndMetadata> taken = taken(group, millis);
      if (!taken.isEmpty()) {
        lag.put(group, lag(taken, millis));
      }
    }
    return lag;
  }

  private Map<TopicPartition, OffsetAndMetadata> taken(String group, long millis)
      throws InterruptedException, TimeoutException {
    try {
      return admin()
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return Map.of();
    }
  }

  private long lag(Map<TopicPartition, OffsetAndMetadata> taken, long millis)
      throws InterruptedException, TimeoutException, ExecutionException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    taken.keySet().forEach(partition -> asked.put(partition, OffsetSpec.latest()));
    var ends = admin().listOffsets(asked).all().get(millis, TimeUnit.MILLISECONDS);
    long lag = 0;
    for (var entry : taken.entrySet()) {
      var end = ends.get(entry.getKey());
      if (end != null && entry.getValue() != null) {
        lag += Math.max(0, end.offset() - entry.getValue().offset());
      }
    }
    return lag;
  }

  private Admin admin() {
    Admin open = admin;
    if (open == null) {
      open = Admin.create(settings);
      admin = open;
    }
    return open;
  }

  @PreDestroy
  void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
