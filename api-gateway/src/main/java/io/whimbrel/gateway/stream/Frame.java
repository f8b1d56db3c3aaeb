package io.whimbrel.gateway.stream;

/** What a reader of a run's stream gets next. */
sealed interface Frame {
  /**
   * An event.
   *
   * @param changesState whether the run was in another state before
   */
  record Event(RunEvent event, boolean changesState) implements Frame {}

  /** Signs without content. */
  enum Sign implements Frame {
    /** Nothing happened, and the stream is alive. */
    HEARTBEAT,
    /** Nothing more will come. */
    END
  }
}
