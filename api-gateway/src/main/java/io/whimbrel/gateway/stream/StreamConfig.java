package io.whimbrel.gateway.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How runs are streamed to those who watch them. */
@ConfigMapping(prefix = "whimbrel.stream")
public interface StreamConfig {
  /** How often a comment shows that the stream is alive. */
  @WithDefault("15S")
  Duration heartbeat();

  /** How often the executor is asked for events that Kafka has not brought. */
  @WithDefault("5S")
  Duration pollInterval();

  /** Events of one run that may wait for a slow reader of it before it is dropped. */
  @WithDefault("256")
  int buffer();

  /** How far back an instance that starts reads, so that readers of all events can go on. */
  @WithDefault("10M")
  Duration replay();

  /** The latest events that are held for the readers of all events. */
  @WithDefault("20000")
  int replayEvents();

  /** The most characters that these events may have. */
  @WithDefault("16000000")
  long replayCharacters();

  /** Readers of all events at a time. */
  @WithDefault("5000")
  int maxReaders();

  /** How long a run that the executor does not know yet is waited for. */
  @WithDefault("5S")
  Duration unknownRunGrace();
}
