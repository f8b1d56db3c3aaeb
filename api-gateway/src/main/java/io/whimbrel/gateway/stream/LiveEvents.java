package io.whimbrel.gateway.stream;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Hands the events that come in from Kafka to those who watch their run. */
@ApplicationScoped
public class LiveEvents {
  private final ConcurrentHashMap<UUID, Set<MultiEmitter<? super RunEvent>>> readers =
      new ConcurrentHashMap<>();
  private final StreamConfig config;

  LiveEvents(StreamConfig config) {
    this.config = config;
  }

  /** The events of a run from the subscription on; fails if the reader does not keep up. */
  public Multi<RunEvent> of(UUID run) {
    return Multi.createFrom()
        .<RunEvent>emitter(reader -> add(run, reader))
        .onOverflow()
        .buffer(config.buffer());
  }

  void publish(RunEvent event) {
    readers.getOrDefault(event.runId(), Set.of()).forEach(reader -> reader.emit(event));
  }

  int readers() {
    return readers.size();
  }

  private void add(UUID run, MultiEmitter<? super RunEvent> reader) {
    readers.compute(
        run,
        (id, present) -> {
          Set<MultiEmitter<? super RunEvent>> all =
              present == null ? ConcurrentHashMap.newKeySet() : present;
          all.add(reader);
          return all;
        });
    reader.onTermination(() -> remove(run, reader));
  }

  private void remove(UUID run, MultiEmitter<? super RunEvent> reader) {
    readers.computeIfPresent(
        run,
        (id, present) -> {
          present.remove(reader);
          return present.isEmpty() ? null : present;
        });
  }
}
