package io.whimbrel.validation.request;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How requested validations are worked off. */
@ConfigMapping(prefix = "whimbrel.validation.requests")
public interface RequestConfig {

  /** How many validations this instance works on at the same time. */
  @WithDefault("4")
  int parallel();

  /** How often an idle worker looks for something to do. */
  @WithDefault("200ms")
  Duration pollInterval();

  /**
   * How long a claim lasts without a sign of life; a sign is given three times as often. After it
   * the validation is claimed by another worker.
   */
  @WithDefault("10s")
  Duration lease();

  /** How long a target that cannot be looked at is tried again before the answer is "invalid". */
  @WithDefault("60s")
  Duration patience();

  /** The pause between two tries. */
  @WithDefault("2s")
  Duration retryPause();

  /** How often the schedules of the targets are looked at. */
  @WithDefault("5s")
  Duration scheduleInterval();
}
