package io.whimbrel.delivery;

import io.whimbrel.event.Event;
import java.time.Instant;

/**
 * An event as it came from a topic.
 *
 * @param id the idempotency key: the {@code ce_id}, or the run id of plain JSON
 * @param source who published it, as it says itself
 * @param time when it happened, or the time of the record
 */
public record Received<E extends Event>(String id, String source, Instant time, E event) {}
