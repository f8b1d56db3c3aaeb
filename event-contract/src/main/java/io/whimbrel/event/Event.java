package io.whimbrel.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What travels on a topic: the payload of a CloudEvent whose subject is the run. */
public sealed interface Event
    permits MigrationRequested,
        ValidationCompleted,
        MigrationProgress,
        AlertRaised,
        CommandAudited {

  /** The run this is about; absent only for alerts and commands that are about none. */
  @Nullable UUID runId();

  /** The target this is about, which is the key of the record, so that its events stay in order. */
  @Nullable String target();

  /** Topic and CloudEvents type. */
  @JsonIgnore
  EventType type();
}
