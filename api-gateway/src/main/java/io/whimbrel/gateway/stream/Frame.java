package io.whimbrel.gateway.stream;

/** What a reader of a stream gets next. */
sealed interface Frame {
  /**
   * An event of one run.
   *
   * @param changesState whether the run was in another state before
   */
  record Event(RunEvent event, boolean changesState) implements Frame {}

  /** An event of the feed. */
  record Item(FeedEvent event) implements Frame {}

  /**
   * Something about the stream itself: {@code gap} where events are missing, {@code dropped} before
   * it ends for a reader that is too slow.
   */
  record Notice(String name, String reason) implements Frame {
    static Notice dropped() {
      return new Notice(
          "dropped", "The reader did not keep up. Come back with Last-Event-ID to go on.");
    }

    static Notice gap() {
      return new Notice(
          "gap", "Events after Last-Event-ID are no longer at hand. Read /runs and /alerts again.");
    }
  }

  /** Signs without content. */
  enum Sign implements Frame {
    /** Nothing happened, and the stream is alive. */
    HEARTBEAT,
    /** Nothing more will come. */
    END
  }
}
