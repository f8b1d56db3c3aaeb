package io.whimbrel.event;

/** Names of the topics, as constants for use in annotations. */
public final class Topics {
  public static final String MIGRATION_REQUESTED = "migration.requested";
  public static final String VALIDATION_COMPLETED = "validation.completed";
  public static final String MIGRATION_PROGRESS = "migration.progress";
  public static final String ALERT_RAISED = "alert.raised";

  /** Follows the name of a topic in the name of the one that takes its unreadable records. */
  public static final String DEAD_LETTER_SUFFIX = ".dead-letter";

  private Topics() {}
}
