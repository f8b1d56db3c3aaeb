package io.whimbrel.executor.run;

import java.time.Instant;
import java.util.UUID;

/**
 * Said within the transaction that puts a step on the queue; it is there once that has committed.
 *
 * @param when it is due
 */
public record StepScheduled(UUID run, Step step, Instant when) {}
