package io.whimbrel.validation.request;

import io.whimbrel.event.Phase;
import io.whimbrel.validation.check.Progress;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A validation, done or not.
 *
 * @param progress how far it is, if somebody is at work on it
 * @param report as JSON, once it is done
 */
public record Stored(
    UUID id,
    @Nullable UUID runId,
    Phase phase,
    String target,
    String state,
    Instant requestedAt,
    Progress.@Nullable State progress,
    @Nullable String report) {}
