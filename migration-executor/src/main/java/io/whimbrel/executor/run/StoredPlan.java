package io.whimbrel.executor.run;

import java.time.Instant;
import java.util.UUID;

/**
 * A plan as the control database has it.
 *
 * @param basis JSON: what it was approved for
 * @param plan JSON
 * @param page Markdown
 */
public record StoredPlan(
    UUID id,
    String target,
    String digest,
    String createdBy,
    Instant createdAt,
    Instant validUntil,
    String basis,
    String plan,
    String page) {}
