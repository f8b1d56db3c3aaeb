package io.whimbrel.monitoring.log;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as it came.
 *
 * @param occurredAt when it happened, as its publisher says; when it was logged is the log's matter
 * @param payload JSON
 */
public record LogEntry(
    String topic,
    int partition,
    long offset,
    String eventId,
    String source,
    @Nullable UUID runId,
    @Nullable String target,
    Instant occurredAt,
    String payload) {}
