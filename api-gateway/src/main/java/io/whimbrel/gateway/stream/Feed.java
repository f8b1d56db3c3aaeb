package io.whimbrel.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import io.whimbrel.gateway.problem.Problems;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of all runs, and alerts, once for all their readers: each reader has nothing
 * but a place in it, and is dropped when what comes next for it is no longer here. Bounded in
 * events and in characters.
 */
@ApplicationScoped
class Feed {
  /** An event with the place that Kafka has given it. */
  record Entry(String partition, long offset, FeedEvent event) {}

  private final StreamConfig config;
  private final Counter dropped;
  private final Entry[] entries;
  private final Set<FeedReader> readers = ConcurrentHashMap.newKeySet();

  /** The offset from which on a partition's events are here, or were. */
  private final Map<String, Long> floors = new HashMap<>();

  private final Position position = Position.none();
  private long first;
  private long next;
  private long characters;
  private @Nullable Cancellable heartbeats;

  Feed(StreamConfig config, MeterRegistry metrics) {
    this.config = config;
    this.entries = new Entry[config.replayEvents()];
    this.dropped =
        Counter.builder("whimbrel.stream.dropped")
            .description("Readers of all events that did not keep up")
            .register(metrics);
    Gauge.builder("whimbrel.stream.readers", readers, Set::size)
        .description("Readers of all events")
        .register(metrics);
  }

  @PostConstruct
  void start() {
    heartbeats =
        Multi.createFrom()
            .ticks()
            .every(config.heartbeat())
            .onOverflow()
            .drop()
            .subscribe()
            .with(tick -> readers.forEach(FeedReader::beat));
  }

  /**
   * The feed for one reader.
   *
   * @param after the last event the reader has; null for what happens from now on
   * @param target only what concerns it; null for everything
   * @param cut ends the connection of a reader that takes nothing any more
   */
  Multi<Frame> read(@Nullable Position after, @Nullable String target, Runnable cut) {
    if (readers.size() >= config.maxReaders()) {
      throw Problems.unavailable("api-gateway", "There are as many readers as there may be.");
    }
    return Multi.createFrom()
        .publisher(
            subscriber -> {
              FeedReader reader = reader(after, target, cut, subscriber);
              subscriber.onSubscribe(reader);
            });
  }

  /** Where to go on with a partition after its consumer was interrupted; null at the start. */
  synchronized @Nullable Long nextOffset(TopicPartition partition) {
    Long last = position.of(Position.partition(partition));
    return last == null ? null : last + 1;
  }

  /** From this offset on the events of the partition will come. */
  synchronized void begins(TopicPartition partition, long offset) {
    floors.putIfAbsent(Position.partition(partition), offset);
    if (offset > 0) {
      position.at(Position.partition(partition), offset - 1);
    }
  }

  /** One more event; one that comes again is left out. */
  void publish(
      TopicPartition from, long offset, String name, @Nullable String target, String json) {
    if (add(Position.partition(from), offset, name, target, json)) {
      readers.forEach(FeedReader::drain);
    }
  }

  private synchronized boolean add(
      String partition, long offset, String name, @Nullable String target, String json) {
    Long last = position.of(partition);
    if (last != null && offset <= last) {
      return false;
    }
    floors.putIfAbsent(partition, offset);
    position.at(partition, offset);
    while (next - first == entries.length
        || (first < next && characters + json.length() > config.replayCharacters())) {
      evict();
    }
    entries[index(next)] =
        new Entry(partition, offset, new FeedEvent(name, target, json, position.toString()));
    characters += json.length();
    next++;
    return true;
  }

  private void evict() {
    Entry oldest = entries[index(first)];
    floors.put(oldest.partition(), oldest.offset() + 1);
    characters -= oldest.event().json().length();
    first++;
  }

  /** The entry of a number; null if there is none yet. */
  synchronized @Nullable Entry entry(long number) {
    return number < next ? entries[index(number)] : null;
  }

  /** Whether an entry was here and is no more. */
  synchronized boolean evicted(long number) {
    return number < first;
  }

  void leave(FeedReader reader) {
    readers.remove(reader);
  }

  void dropped() {
    dropped.increment();
  }

  private synchronized FeedReader reader(
      @Nullable Position after,
      @Nullable String target,
      Runnable cut,
      Flow.Subscriber<? super Frame> subscriber) {
    FeedReader reader =
        new FeedReader(
            this,
            subscriber,
            new FeedReader.Start(after == null ? next : first, next, after, gap(after)),
            target,
            cut);
    readers.add(reader);
    return reader;
  }

  private boolean gap(@Nullable Position after) {
    return after != null
        && floors.entrySet().stream()
            .anyMatch(
                floor -> {
                  Long last = after.of(floor.getKey());
                  return last != null && last + 1 < floor.getValue();
                });
  }

  private int index(long number) {
    return Math.toIntExact(number % entries.length);
  }

  @PreDestroy
  void stop() {
    if (heartbeats != null) {
      heartbeats.cancel();
    }
  }
}
