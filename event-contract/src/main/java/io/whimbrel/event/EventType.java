package io.whimbrel.event;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kinds of events: where each travels, its CloudEvents type, its record and its JSON Schema.
 */
public enum EventType {
  MIGRATION_REQUESTED(
      Topics.MIGRATION_REQUESTED,
      "io.whimbrel.migration.requested.v1",
      MigrationRequested.class,
      "migration-requested.v1.schema.json"),
  VALIDATION_COMPLETED(
      Topics.VALIDATION_COMPLETED,
      "io.whimbrel.validation.completed.v1",
      ValidationCompleted.class,
      "validation-completed.v1.schema.json"),
  MIGRATION_PROGRESS(
      Topics.MIGRATION_PROGRESS,
      "io.whimbrel.migration.progress.v1",
      MigrationProgress.class,
      "migration-progress.v1.schema.json"),
  ALERT_RAISED(
      Topics.ALERT_RAISED,
      "io.whimbrel.alert.raised.v1",
      AlertRaised.class,
      "alert-raised.v1.schema.json"),
  /** Beside the requests, as the gateway writes no other topic. */
  COMMAND_AUDITED(
      Topics.MIGRATION_REQUESTED,
      "io.whimbrel.command.audited.v1",
      CommandAudited.class,
      "command-audited.v1.schema.json");

  private final String topic;
  private final String cloudEventType;
  private final Class<? extends Event> payload;
  private final String schema;

  EventType(String topic, String cloudEventType, Class<? extends Event> payload, String schema) {
    this.topic = topic;
    this.cloudEventType = cloudEventType;
    this.payload = payload;
    this.schema = schema;
  }

  public String topic() {
    return topic;
  }

  /** The value of {@code ce_type}. */
  public String cloudEventType() {
    return cloudEventType;
  }

  public Class<? extends Event> payload() {
    return payload;
  }

  /** The schema's name as a class path resource of this package. */
  public String schema() {
    return schema;
  }

  /** What a topic is for; a topic may carry other types beside it. */
  public static Optional<EventType> ofTopic(String topic) {
    return Stream.of(values()).filter(type -> type.topic.equals(topic)).findFirst();
  }

  /** Whether a record of the topic of this type says that it is of another type of the topic. */
  public boolean sharesTopicWith(String otherCloudEventType) {
    return Stream.of(values())
        .anyMatch(
            type ->
                type != this
                    && type.topic.equals(topic)
                    && type.cloudEventType.equals(otherCloudEventType));
  }
}
