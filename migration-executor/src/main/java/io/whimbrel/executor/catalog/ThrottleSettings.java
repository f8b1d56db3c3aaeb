package io.whimbrel.executor.catalog;

import io.whimbrel.target.Throttle;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a batch header says about waiting for the server, each in place of the target's policy; null
 * leaves it as it is.
 */
public record ThrottleSettings(
    @Nullable Duration replicaLag,
    @Nullable Long walRate,
    @Nullable Duration waiting,
    @Nullable Boolean vacuum,
    @Nullable Integer connections) {

  static final String KEYS = "replica-lag|wal-rate|waiting|vacuum|connections";

  private static final String OFF = "off";

  /** Reads them from the settings of a header; empty if one is malformed. */
  static Optional<ThrottleSettings> parse(Map<String, String> settings) {
    Optional<Duration> lag = duration(settings.get("replica-lag"));
    Optional<Duration> waiting = duration(settings.get("waiting"));
    OptionalLong rate = bytes(settings.get("wal-rate"));
    String vacuum = settings.get("vacuum");
    String connections = settings.get("connections");
    boolean malformed =
        lag.isPresent() != settings.containsKey("replica-lag")
            || waiting.isPresent() != settings.containsKey("waiting")
            || rate.isPresent() != settings.containsKey("wal-rate")
            || (vacuum != null && !vacuum.matches("on|off"))
            || (connections != null && !connections.matches("off|[1-9]\\d?|100"));
    return malformed
        ? Optional.empty()
        : Optional.of(
            new ThrottleSettings(
                lag.orElse(null),
                rate.isPresent() ? (Long) rate.getAsLong() : null,
                waiting.orElse(null),
                vacuum == null ? null : (Boolean) vacuum.equals("on"),
                connections == null ? null : percent(connections)));
  }

  /** The policy with these in place. */
  public Throttle over(Throttle policy) {
    return new Throttle(
        replicaLag == null ? policy.replicaLag() : replicaLag,
        walRate == null ? policy.walRate() : walRate,
        waiting == null ? policy.waiting() : waiting,
        vacuum == null ? policy.vacuum() : vacuum,
        connections == null ? policy.connections() : connections);
  }

  private static Integer percent(String text) {
    return text.equals(OFF) ? Integer.valueOf(0) : Integer.valueOf(text);
  }

  private static Optional<Duration> duration(@Nullable String text) {
    return OFF.equals(text) ? Optional.of(Duration.ZERO) : BatchHeader.duration(text);
  }

  private static OptionalLong bytes(@Nullable String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    return text.equals(OFF) ? OptionalLong.of(0) : Throttle.bytes(text);
  }
}
