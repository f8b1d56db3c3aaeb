package io.whimbrel.monitoring.figures;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Meters that show what the database counted. They are absolute, not increments: a restarted
 * service, and each of several instances, shows the same.
 */
final class Meters {
  private final MeterRegistry registry;
  private final Map<Id, Value> values = new ConcurrentHashMap<>();

  Meters(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Id(String name, Tags tags) {}

  private static final class Value {
    volatile long count;
    volatile double seconds;
  }

  void counter(String name, Tags tags, String description, long count) {
    values.computeIfAbsent(
                new Id(name, tags),
                id -> {
                  Value value = new Value();
                  FunctionCounter.builder(name, value, v -> v.count)
                      .tags(tags)
                      .description(description)
                      .register(registry);
                  return value;
                })
            .count =
        count;
  }

  /** Shows all the values of a name; what is not among them any more is zero. */
  void gauges(String name, String description, Map<Tags, Long> counts) {
    counts.keySet().forEach(tags -> gauge(name, tags, description));
    values.forEach(
        (id, value) -> {
          if (id.name.equals(name)) {
            value.count = counts.getOrDefault(id.tags, 0L);
          }
        });
  }

  void timer(String name, Tags tags, String description, long count, double seconds) {
    Value value =
        values.computeIfAbsent(
            new Id(name, tags),
            id -> {
              Value created = new Value();
              FunctionTimer.builder(name, created, v -> v.count, v -> v.seconds, TimeUnit.SECONDS)
                  .tags(tags)
                  .description(description)
                  .register(registry);
              return created;
            });
    value.count = count;
    value.seconds = seconds;
  }

  private void gauge(String name, Tags tags, String description) {
    values.computeIfAbsent(
        new Id(name, tags),
        id -> {
          Value value = new Value();
          Gauge.builder(name, value, v -> v.count)
              .tags(tags)
              .description(description)
              .register(registry);
          return value;
        });
  }
}
