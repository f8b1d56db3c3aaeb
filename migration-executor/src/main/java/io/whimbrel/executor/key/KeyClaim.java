package io.whimbrel.executor.key;

import java.util.UUID;

/**
 * What claiming a key has led to.
 *
 * @param runId the run that the key names
 */
public record KeyClaim(Outcome outcome, UUID runId) {

  /** Whose turn it is. */
  public enum Outcome {
    /** The claimant brings the request to Kafka, and says afterwards whether it is there. */
    CLAIMED,
    /** The same command is on Kafka already. */
    ACCEPTED,
    /** Someone else is about to bring the same command to Kafka. */
    IN_PROGRESS,
    /** The key names another command. */
    OTHER_COMMAND
  }
}
