package io.whimbrel.gateway.rate;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A bucket of commands for each caller. A full one is forgotten, as a new one is full as well. */
@ApplicationScoped
class RateLimits {
  private static final int MOST_CALLERS = 100_000;

  private final RateConfig config;
  private final LoadingCache<String, Bucket> buckets;

  RateLimits(RateConfig config) {
    this.config = config;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST_CALLERS)
            .expireAfterAccess(untilFull(config))
            .build(caller -> bucket());
  }

  /** Takes a command out of the caller's bucket: 0, or the seconds until there is one again. */
  long take(String caller) {
    if (config.perMinute() == 0) {
      return 0;
    }
    long nanos = buckets.get(caller).tryConsumeAndReturnRemaining(1).getNanosToWaitForRefill();
    return TimeUnit.NANOSECONDS.toSeconds(nanos + Duration.ofSeconds(1).toNanos() - 1);
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(
            limit ->
                limit
                    .capacity(config.burst())
                    .refillGreedy(config.perMinute(), Duration.ofMinutes(1)))
        .build();
  }

  private static Duration untilFull(RateConfig config) {
    return Duration.ofMinutes(1 + config.burst() / Math.max(1, config.perMinute()));
  }
}
