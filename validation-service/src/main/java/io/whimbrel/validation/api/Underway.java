package io.whimbrel.validation.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.Phase;
import io.whimbrel.validation.check.Progress;
import io.whimbrel.validation.request.Stored;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A validation whose report is yet to come.
 *
 * @param progress how far it is, once somebody is at work on it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Underway(
    UUID id,
    @Nullable UUID runId,
    Phase phase,
    String target,
    String state,
    Instant requestedAt,
    Progress.@Nullable State progress) {

  static Underway of(Stored stored) {
    return new Underway(
        stored.id(),
        stored.runId(),
        stored.phase(),
        stored.target(),
        stored.state(),
        stored.requestedAt(),
        stored.progress());
  }
}
