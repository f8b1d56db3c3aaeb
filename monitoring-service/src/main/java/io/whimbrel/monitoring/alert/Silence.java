package io.whimbrel.monitoring.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A time in which people are not told of some alerts.
 *
 * @param kind null for all kinds
 * @param target null for all targets, and alerts without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Silence(
    UUID silenceId,
    @Nullable AlertKind kind,
    @Nullable String target,
    Instant until,
    String note,
    String createdBy) {}
